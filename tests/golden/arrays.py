"""Prints what tests/io/numpy_test.ts reads and writes: files by NumPy 1.24, deflated, in base64.

Run with: python3 tests/golden/arrays.py > tests/golden/arrays.json
"""
import base64
import io
import json
import zlib

import numpy as np


def npy(x, **options):
    file = io.BytesIO()
    np.lib.format.write_array(file, x, **options)
    return file.getvalue()


def npz(save):
    file = io.BytesIO()
    save(file, a=np.arange(4, dtype=np.float32), b=np.array([[True]]))
    return file.getvalue()


x = np.arange(6).reshape(2, 3)
codes = ["<f4", "<f8", "<i4", "<u4", "|u1", ">f4", ">f8", ">i2", ">i8", "<i8", "<f2", ">u2", "|i1", ">u8"]
files = {code: npy(x.astype(code)) for code in codes}
files["|b1"] = npy(x % 2 == 0)
files["0-d"] = npy(np.array(1.5, np.float32))
files["1-d"] = npy(np.arange(3, dtype="<f4"))
files["empty"] = npy(np.zeros((0, 2), np.float32))
files["fortran"] = npy(np.asfortranarray(np.arange(24, dtype=">f4").reshape(2, 3, 4)))
files["version 2"] = npy(x.astype("<f4"), version=(2, 0))
files["version 3"] = npy(x.astype("<f4"), version=(3, 0))
files["complex"] = npy(np.array([1j]))
files["complex fortran"] = npy(np.asfortranarray((x + 1j * x.T.reshape(2, 3)).astype(">c8")))
files["clongdouble"] = npy(np.array([1j], np.clongdouble))
files["text"] = npy(np.array(["ab"]))
files["record"] = npy(np.array([(1, 2.0)], dtype=[("a", "<i4"), ("b", "<f4")]))
files["object"] = npy(np.array([None]), allow_pickle=True)
files["compressed"] = npz(np.savez_compressed)
files["stored"] = npz(np.savez)
print(json.dumps({name: base64.b64encode(zlib.compress(data, 9)).decode() for name, data in files.items()}, indent=2))
