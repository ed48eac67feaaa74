import torch


def read(path, device):
    one = torch.load(path)  # finding
    two = torch.load(path, map_location=device)  # finding
    return one, two


def read_well(path, options):
    one = torch.load(path, weights_only=True)
    two = torch.load(path, weights_only=False)
    three = torch.load(path, **options)
    return one, two, three
