# A convolutional autoencoder of drawn bars and crosses: strided and transposed convolution, group norm, channel dropout, binary cross
# entropy with logits, Adamax, and a schedule with warm restarts.
import torch
import torch.nn as nn
import torch.nn.functional as F


class Encoder(nn.Module):
    def __init__(self, features):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 8, 3, stride=2, padding=1)
        self.norm1 = nn.GroupNorm(2, 8)
        self.conv2 = nn.Conv2d(8, 16, 3, stride=2, padding=1)
        self.norm2 = nn.GroupNorm(4, 16)
        self.drop = nn.Dropout2d(0.1)
        self.fc = nn.Linear(16 * 4 * 4, features)

    def forward(self, x):
        x = F.silu(self.norm1(self.conv1(x)))
        x = self.drop(F.silu(self.norm2(self.conv2(x))))
        return self.fc(x.flatten(1))


class Decoder(nn.Module):
    def __init__(self, features):
        super().__init__()
        self.fc = nn.Linear(features, 16 * 4 * 4)
        self.up1 = nn.ConvTranspose2d(16, 8, 3, stride=2, padding=1, output_padding=1)
        self.norm = nn.GroupNorm(2, 8)
        self.up2 = nn.ConvTranspose2d(8, 1, 4, stride=2, padding=1, bias=False)

    def forward(self, z):
        x = F.silu(self.fc(z)).unflatten(1, (16, 4, 4))
        return self.up2(F.silu(self.norm(self.up1(x))))


def initialise(m):
    if isinstance(m, (nn.Conv2d, nn.ConvTranspose2d)):
        nn.init.kaiming_normal_(m.weight, nonlinearity="relu")
        if m.bias is not None:
            nn.init.constant_(m.bias, 0.01)
    elif isinstance(m, nn.Linear):
        nn.init.xavier_uniform_(m.weight, gain=0.5)


torch.manual_seed(5)
N, S = 128, 16
grid, place, kind = torch.arange(S), torch.randint(1, S - 2, (N, 2, 1, 1)), torch.arange(N).view(N, 1, 1) % 3
rows, columns = grid.view(S, 1) - place[:, 0], grid - place[:, 1]
across, down = (rows >= 0) & (rows < 2) & (kind != 1), (columns >= 0) & (columns < 2) & (kind != 0)
images = (across | down).float().unsqueeze(1)
print("mean {:.4f} images {}".format(images.mean().item(), images.shape))
model = nn.Sequential(Encoder(12), Decoder(12)).apply(initialise)
print(model[1])
optimizer = torch.optim.Adamax(model.parameters(), lr=8e-3)
scheduler = torch.optim.lr_scheduler.CosineAnnealingWarmRestarts(optimizer, T_0=6, T_mult=2, eta_min=2e-4)
for epoch in range(18):
    total = 0.0
    for batch in images[torch.randperm(N)].split(32):
        loss = F.binary_cross_entropy_with_logits(model(batch), batch, pos_weight=torch.tensor(2.0))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(batch)
    print("epoch {:2d} lr {:.6f} loss {:.6f}".format(epoch, scheduler.get_last_lr()[0], total / N))
    scheduler.step()
model.eval()
with torch.no_grad():
    rebuilt = model(images[:3]).sigmoid()
    right = ((rebuilt > 0.5) == (images[:3] > 0.5)).float().mean()
    print("pixels right {:.4f}".format(right.item()))
    print("codes {}".format(model[0](images[:2])[:, :4]))
