"""What the formulas of ddpm.py must hold: python -m unittest."""

import unittest

import torch

import ddpm


class Schedule(unittest.TestCase):
    def test_is_the_cosine_of_the_paper(self):
        f = torch.cos((torch.arange(1001, dtype=torch.float64) / 1000 + 0.008) / 1.008 * torch.pi / 2) ** 2
        # Equation 17 without the cap on beta, which only the last steps feel.
        torch.testing.assert_close(ddpm.ALPHAS_CUMPROD[:990].double(), (f[1:991] / f[0]), rtol=1e-5, atol=1e-7)
        self.assertLess(float(ddpm.ALPHAS_CUMPROD[-1]), 1e-8)


class Forward(unittest.TestCase):
    def test_in_one_go_is_step_by_step(self):
        torch.manual_seed(0)
        x_0 = torch.full((1, 3, 64, 64), 0.5)
        x = x_0
        for t in range(300):
            before = ddpm.ALPHAS_CUMPROD[t - 1] if t > 0 else torch.tensor(1.0)
            alpha = ddpm.ALPHAS_CUMPROD[t] / before
            x = alpha.sqrt() * x + (1 - alpha).sqrt() * torch.randn_like(x)
        one = ddpm.noisy(x_0, torch.randn_like(x_0), torch.tensor([299]))
        self.assertAlmostEqual(float(x.mean()), float(one.mean()), delta=0.03)
        self.assertAlmostEqual(float(x.std()), float(one.std()), delta=0.02)


class Algorithms(unittest.TestCase):
    def test_a_network_that_knows_the_noise_has_no_loss(self):
        x_0 = torch.rand(8, 3, 4, 4) * 2 - 1

        def knowing(x: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
            alpha_bar = ddpm.ALPHAS_CUMPROD[t][:, None, None, None]
            return (x - alpha_bar.sqrt() * x_0) / (1 - alpha_bar).sqrt()

        self.assertLess(float(ddpm.loss_of(knowing, x_0)), 1e-6)
        for steps in (20, 1000):
            drawn = ddpm.sample(knowing, torch.randn(8, 3, 4, 4), steps, torch.Generator().manual_seed(1))
            torch.testing.assert_close(drawn, x_0, rtol=0, atol=1e-4)

    def test_only_the_chance_given_decides_a_picture(self):
        def guess(x: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
            return 0.9 * x

        noise = torch.randn(2, 3, 4, 4)
        one, same, other = (ddpm.sample(guess, noise, 10, torch.Generator().manual_seed(seed)) for seed in (1, 1, 2))
        torch.testing.assert_close(one, same)
        self.assertGreater(float((one - other).abs().max()), 0.1)


if __name__ == "__main__":
    unittest.main()
