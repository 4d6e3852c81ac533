/**
 * What the exported script reads files with: Python's standard library and PyTorch are enough.
 *
 * @module
 */

/** The function `read_safetensors`. */
export const safetensorsSource = `SAFETENSORS_DTYPES = {
    "F64": torch.float64, "F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16,
    "I64": torch.int64, "I32": torch.int32, "I16": torch.int16, "I8": torch.int8, "U8": torch.uint8, "BOOL": torch.bool,
}


def read_safetensors(path):
    """The tensors of a safetensors file by name: a JSON header with their places, then their bytes."""
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        data = bytearray(file.read())
    header.pop("__metadata__", None)
    tensors = {}
    for name, entry in header.items():
        start, end = entry["data_offsets"]
        dtype = SAFETENSORS_DTYPES[entry["dtype"]]
        # A copy, because an offset need not be a multiple of the element size.
        flat = torch.frombuffer(bytearray(data[start:end]), dtype=dtype) if end > start else torch.empty(0, dtype=dtype)
        tensors[name] = flat.reshape(entry["shape"])
    return tensors
`;

/** The functions `read_npz` and `read_tensors`. */
export const dataSource = `NPY_DTYPES = {
    "<f8": torch.float64, "<f4": torch.float32, "<f2": torch.float16, "<i8": torch.int64, "<i4": torch.int32,
    "<i2": torch.int16, "|i1": torch.int8, "|u1": torch.uint8, "|b1": torch.bool,
}


def read_npz(path):
    """The arrays of an .npz file by name: a zip archive of .npy files."""
    arrays = {}
    with zipfile.ZipFile(path) as archive:
        for entry in archive.namelist():
            content = archive.read(entry)
            start = 10 if content[6] == 1 else 12
            end = start + int.from_bytes(content[8:start], "little")
            header = ast.literal_eval(content[start:end].decode("latin-1"))
            if header["fortran_order"]:
                raise ValueError(f"{entry} of {path} is in Fortran's order")
            dtype, body = NPY_DTYPES[header["descr"]], bytearray(content[end:])
            flat = torch.frombuffer(body, dtype=dtype) if body else torch.empty(0, dtype=dtype)
            arrays[entry.removesuffix(".npy")] = flat.reshape(header["shape"])
    return arrays


def read_tensors(path):
    """The tensors of a .safetensors or .npz file by name; 32-bit integers, which are indices, become 64-bit ones."""
    tensors = read_npz(path) if path.endswith(".npz") else read_safetensors(path)
    return {name: x.long() if x.dtype == torch.int32 else x for name, x in tensors.items()}
`;
