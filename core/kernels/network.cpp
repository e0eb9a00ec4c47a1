#include "core/kernels/network.h"

#include <cstdlib>

namespace gil::network {

namespace {

/// A number from 0 to `count` - 1 (Knuth's MMIX generator).
int draw(std::uint64_t& state, int count) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return static_cast<int>((state >> 33) % static_cast<std::uint64_t>(count));
}

Data make_data() {
    Data data{};
    std::uint64_t random = 1;
    // What is to be learned: the absolute value of a few sums of inputs.
    std::array<int, inputs * outputs> signs;
    for (int& sign : signs) sign = draw(random, 3) - 1;
    for (std::size_t sample = 0; sample < batches * samples; ++sample) {
        int* input = data.input_values.data() + sample * inputs;
        for (int i = 0; i < inputs; ++i) input[i] = i == 0 ? 1 << input_bits : draw(random, 33) - 16;
        for (std::size_t output = 0; output < outputs; ++output) {
            int sum = 0;
            for (std::size_t i = 0; i < inputs; ++i) sum += signs[i * outputs + output] * input[i];
            data.target_values[sample * outputs + output] = std::abs(sum) << (signal_bits - input_bits - 2);
        }
    }
    for (int& weight : data.first_weights) weight = draw(random, 4'001) - 2'000;
    for (int& weight : data.second_weights) weight = draw(random, 4'001) - 2'000;
    return data;
}

/// From units of 2^-from to units of 2^-to, half to even.
std::int64_t rounded(std::int64_t value, int from, int to) {
    const int shift = from - to;
    const std::int64_t floor = value >> shift;
    const std::int64_t rest = value - (floor << shift);
    const std::int64_t half = std::int64_t{1} << (shift - 1);
    return floor + (rest > half || (rest == half && floor % 2 != 0) ? 1 : 0);
}

using Matrix = std::vector<std::vector<std::int64_t>>;

Matrix matrix(const int* values, int rows, int columns) {
    Matrix result(static_cast<std::size_t>(rows));
    for (auto& row : result) {
        row.assign(values, values + columns);
        values += columns;
    }
    return result;
}

Matrix product(const Matrix& a, const Matrix& b) {
    Matrix result(a.size(), std::vector<std::int64_t>(b[0].size()));
    for (std::size_t i = 0; i < a.size(); ++i) {
        for (std::size_t j = 0; j < b[0].size(); ++j) {
            for (std::size_t k = 0; k < b.size(); ++k) result[i][j] += a[i][k] * b[k][j];
        }
    }
    return result;
}

Matrix transposed(const Matrix& a) {
    Matrix result(a[0].size(), std::vector<std::int64_t>(a.size()));
    for (std::size_t i = 0; i < a.size(); ++i) {
        for (std::size_t j = 0; j < a[0].size(); ++j) result[j][i] = a[i][j];
    }
    return result;
}

/// Weights less the gradient times the learning rate; the gradient is in units of 2^-bits.
void learn(Matrix& weights, const Matrix& gradient, int bits) {
    const int fine = bits + rate_bits;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        for (std::size_t j = 0; j < weights[0].size(); ++j) {
            const std::int64_t learned = (weights[i][j] << (fine - weight_bits)) - gradient[i][j];
            weights[i][j] = rounded(learned, fine, weight_bits);
        }
    }
}

std::int64_t sum(const Matrix& a) {
    std::int64_t result = 0;
    for (const auto& row : a) {
        for (const std::int64_t value : row) result += value;
    }
    return result;
}

TrainingStep train(Matrix& first, Matrix& second, const Matrix& input, const Matrix& target) {
    Matrix active = product(input, first);
    for (auto& row : active) {
        for (auto& value : row) value = value < 0 ? 0 : rounded(value, input_bits + weight_bits, signal_bits);
    }
    Matrix error = product(active, second);
    TrainingStep step;
    for (std::size_t i = 0; i < error.size(); ++i) {
        for (std::size_t j = 0; j < error[0].size(); ++j) {
            const std::int64_t off = error[i][j] - (target[i][j] << weight_bits);
            error[i][j] = rounded(off, signal_bits + weight_bits, signal_bits);
            step.loss += error[i][j] * error[i][j];
        }
    }
    Matrix blame = product(error, transposed(second));
    for (std::size_t i = 0; i < blame.size(); ++i) {
        for (std::size_t j = 0; j < blame[0].size(); ++j) {
            blame[i][j] = active[i][j] > 0 ? rounded(blame[i][j], signal_bits + weight_bits, signal_bits) : 0;
        }
    }
    learn(second, product(transposed(active), error), 2 * signal_bits);
    learn(first, product(transposed(input), blame), input_bits + signal_bits);
    step.weights = sum(first) + sum(second);
    return step;
}

} // namespace

const Data& data() {
    static const Data the_data = make_data();
    return the_data;
}

std::vector<TrainingStep> reference_training() {
    Matrix first = matrix(data().first_weights.data(), inputs, hidden);
    Matrix second = matrix(data().second_weights.data(), hidden, outputs);
    std::vector<TrainingStep> result;
    for (std::size_t step = 0; step < steps; ++step) {
        const std::size_t batch = step % batches;
        result.push_back(train(first, second,
                               matrix(data().input_values.data() + batch * samples * inputs, samples, inputs),
                               matrix(data().target_values.data() + batch * samples * outputs, samples, outputs)));
    }
    return result;
}

} // namespace gil::network
