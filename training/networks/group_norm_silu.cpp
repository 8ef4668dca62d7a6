// GroupNorm followed by SiLU on bfloat16 pictures in channels-last order, forward and backward, for CPUs.
// x, y: [batch, places, channels]. PyTorch's two operations read and write the picture four times as often.
#include <cmath>
#include <cstdint>
#include <cstring>
#include <vector>

namespace {

inline float widen(uint16_t half) {
  uint32_t bits = uint32_t(half) << 16;
  float value;
  std::memcpy(&value, &bits, 4);
  return value;
}

// Round to nearest, ties to even.
inline uint16_t narrow(float value) {
  uint32_t bits;
  std::memcpy(&bits, &value, 4);
  return uint16_t((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
}

// 2^f for the fraction, the exponent's bits for the rest: compilers vectorise this, and not std::exp. Error below 3e-6.
inline float exponential(float value) {
  float scaled = std::fmin(std::fmax(value * 1.44269504f, -126.0f), 126.0f);
  float whole = std::floor(scaled + 0.5f);
  float f = (scaled - whole) * 0.69314718f;
  float series = 1.0f + f * (1.0f + f * (0.5f + f * (1 / 6.0f + f * (1 / 24.0f + f * (1 / 120.0f)))));
  int32_t bits = (int32_t(whole) + 127) << 23;
  float power;
  std::memcpy(&power, &bits, 4);
  return series * power;
}

inline float sigmoid(float z) { return 1.0f / (1.0f + exponential(-z)); }

// Derivative of z * sigmoid(z).
inline float silu_slope(float z) {
  float s = sigmoid(z);
  return s * (1.0f + z * (1.0f - s));
}

// y = slope[c] * x + offset[c] is the normalised, scaled and shifted picture.
void affine(int channels, int groups, const float *mean, const float *rstd, const float *weight, const float *bias,
            float *slope, float *offset) {
  for (int c = 0; c < channels; c++) {
    int g = c / (channels / groups);
    slope[c] = weight[c] * rstd[g];
    offset[c] = bias[c] - mean[g] * slope[c];
  }
}

constexpr int BLOCK = 64;  // places summed in float before they are added in double

}  // namespace

extern "C" void forward(const uint16_t *x, const float *weight, const float *bias, uint16_t *y, float *mean,
                        float *rstd, int batch, int places, int channels, int groups, float epsilon) {
#pragma omp parallel for
  for (int n = 0; n < batch; n++) {
    const uint16_t *in = x + size_t(n) * places * channels;
    uint16_t *out = y + size_t(n) * places * channels;
    std::vector<double> sums(channels), squares(channels);
    std::vector<float> sum(channels), square(channels), slope(channels), offset(channels);
    for (int first = 0; first < places; first += BLOCK) {
      std::fill(sum.begin(), sum.end(), 0.0f);
      std::fill(square.begin(), square.end(), 0.0f);
      int last = first + BLOCK < places ? first + BLOCK : places;
      for (int p = first; p < last; p++) {
        const uint16_t *row = in + size_t(p) * channels;
        float *s = sum.data(), *q = square.data();
#pragma omp simd
        for (int c = 0; c < channels; c++) {
          float value = widen(row[c]);
          s[c] += value;
          q[c] += value * value;
        }
      }
      for (int c = 0; c < channels; c++) sums[c] += sum[c], squares[c] += square[c];
    }
    int width = channels / groups;
    for (int g = 0; g < groups; g++) {
      double s = 0, q = 0, count = double(width) * places;
      for (int c = g * width; c < (g + 1) * width; c++) s += sums[c], q += squares[c];
      double centre = s / count;
      mean[n * groups + g] = float(centre);
      rstd[n * groups + g] = float(1.0 / std::sqrt(std::fmax(q / count - centre * centre, 0.0) + epsilon));
    }
    affine(channels, groups, mean + n * groups, rstd + n * groups, weight, bias, slope.data(), offset.data());
    const float *a = slope.data(), *b = offset.data();
    for (int p = 0; p < places; p++) {
      const uint16_t *row = in + size_t(p) * channels;
      uint16_t *made = out + size_t(p) * channels;
#pragma omp simd
      for (int c = 0; c < channels; c++) {
        float z = a[c] * widen(row[c]) + b[c];
        made[c] = narrow(z * sigmoid(z));
      }
    }
  }
}

// dweight and dbias are per picture, [batch, channels]: the caller sums them.
extern "C" void backward(const uint16_t *dy, const uint16_t *x, const float *weight, const float *bias,
                         const float *mean, const float *rstd, uint16_t *dx, float *dweight, float *dbias, int batch,
                         int places, int channels, int groups) {
#pragma omp parallel for
  for (int n = 0; n < batch; n++) {
    size_t from = size_t(n) * places * channels;
    std::vector<float> slope(channels), offset(channels), with_x(channels), alone(channels), second(channels),
        third(channels);
    affine(channels, groups, mean + n * groups, rstd + n * groups, weight, bias, slope.data(), offset.data());
    const float *a = slope.data(), *b = offset.data();
    for (int p = 0; p < places; p++) {
      const uint16_t *row = x + from + size_t(p) * channels, *above = dy + from + size_t(p) * channels;
      float *dot = with_x.data(), *sum = alone.data();
#pragma omp simd
      for (int c = 0; c < channels; c++) {
        float value = widen(row[c]);
        float dz = widen(above[c]) * silu_slope(a[c] * value + b[c]);
        dot[c] += dz * value;
        sum[c] += dz;
      }
    }
    int width = channels / groups;
    for (int g = 0; g < groups; g++) {
      float centre = mean[n * groups + g], scale = rstd[n * groups + g], count = float(width) * places;
      float dot = 0, sum = 0;
      for (int c = g * width; c < (g + 1) * width; c++) {
        dot += weight[c] * with_x[c];
        sum += weight[c] * alone[c];
        dweight[n * channels + c] = (with_x[c] - centre * alone[c]) * scale;
        dbias[n * channels + c] = alone[c];
      }
      float of_x = (sum * centre - dot) * scale * scale * scale / count;
      for (int c = g * width; c < (g + 1) * width; c++) {
        second[c] = of_x;
        third[c] = -of_x * centre - sum * scale / count;
      }
    }
    const float *of_x = second.data(), *constant = third.data();
    for (int p = 0; p < places; p++) {
      const uint16_t *row = x + from + size_t(p) * channels, *above = dy + from + size_t(p) * channels;
      uint16_t *made = dx + from + size_t(p) * channels;
#pragma omp simd
      for (int c = 0; c < channels; c++) {
        float value = widen(row[c]);
        float dz = widen(above[c]) * silu_slope(a[c] * value + b[c]);
        made[c] = narrow(a[c] * dz + of_x[c] * value + constant[c]);
      }
    }
  }
}
