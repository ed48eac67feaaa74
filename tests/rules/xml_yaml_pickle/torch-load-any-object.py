import torch


def read(path, device):
    one = torch.load(path, weights_only=False)  # finding
    two = torch.load(path, map_location=device, weights_only=False)  # finding
    return one, two


def read_well(path, device, choice):
    one = torch.load(path, weights_only=True)
    two = torch.load(path, map_location=device)
    three = torch.load(path, weights_only=choice)
    torch.save(one, path)
    return one, two, three
