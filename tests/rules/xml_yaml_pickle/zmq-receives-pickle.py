import zmq


async def worker(context):
    socket = context.socket(zmq.PULL)
    first = socket.recv_pyobj()  # finding
    second = await socket.recv_pyobj(zmq.NOBLOCK)  # finding
    return first, second


def good_worker(context, task):
    socket = context.socket(zmq.PULL)
    socket.send_pyobj(task)
    first = socket.recv_json()
    second = socket.recv()
    return first, second
