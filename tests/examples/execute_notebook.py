"""Runs a notebook from above to below with the kernel "deno", and writes it with what its cells show.

    python3 execute_notebook.py FROM.ipynb TO.ipynb

`jupyter nbconvert --execute` does the same, but drops what comes after a cell is done, and Deno's kernel now and then
sends a cell's value then. Ends with the error of the first cell that fails.
"""

import os
import queue
import sys

import nbformat
from jupyter_client.manager import start_new_kernel
from nbformat.v4 import output_from_msg

source, target = sys.argv[1:]
notebook = nbformat.read(source, as_version=4)
manager, client = start_new_kernel(kernel_name="deno", cwd=os.path.dirname(os.path.abspath(source)))
cells, displays = {}, {}


def handle(message):
    """Puts what a message shows into the cell that it belongs to; says which cell is done."""
    kind, content = message["msg_type"], message["content"]
    parent = message["parent_header"].get("msg_id")
    shown = content.get("transient", {}).get("display_id")
    if kind == "update_display_data":
        for output in displays.get(shown, []):
            output["data"], output["metadata"] = content["data"], content["metadata"]
    elif kind == "status" and content["execution_state"] == "idle":
        return parent
    elif kind in ("stream", "display_data", "execute_result", "error") and parent in cells:
        outputs = cells[parent].outputs
        if kind == "stream" and outputs and outputs[-1].get("name") == content["name"]:
            outputs[-1].text += content["text"]
        else:
            outputs.append(output_from_msg(message))
            if shown is not None:
                displays.setdefault(shown, []).append(outputs[-1])
    return None


try:
    for number, cell in enumerate((cell for cell in notebook.cells if cell.cell_type == "code"), 1):
        cell.outputs, cell.execution_count = [], number
        request = client.execute(cell.source)
        cells[request] = cell
        while handle(client.get_iopub_msg(timeout=300)) != request:
            pass
        if client.get_shell_msg(timeout=300)["content"]["status"] == "error":
            errors = [output for output in cell.outputs if output.output_type == "error"]
            sys.exit("\n".join([cell.source, "", *(line for error in errors for line in error.traceback)]))
    try:
        while True:
            handle(client.get_iopub_msg(timeout=2))
    except queue.Empty:
        pass  # what came late has come
finally:
    client.stop_channels()
    manager.shutdown_kernel(now=True)
nbformat.write(notebook, target)
