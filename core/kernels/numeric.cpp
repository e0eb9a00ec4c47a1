#include "core/kernels/numeric.h"

// All sizes are fixed: nothing is checked at run time, allocated or printed.
#define EIGEN_NO_DEBUG
#define EIGEN_NO_MALLOC
#define EIGEN_NO_IO
#define EIGEN_MPL2_ONLY
// The default of 110 leaves a loop in one of the products. As WebAssembly, where Eigen has no packets, that loop costs
// a tenth of the time.
#define EIGEN_UNROLLING_LIMIT 150
#include <Eigen/Core>

#include "core/kernels/network.h"
#include "core/kernels/turns.h"

namespace gil {

namespace {

using namespace network;

using Inputs = Eigen::Matrix<double, samples, inputs>;
using Hidden = Eigen::Matrix<double, samples, hidden>;
using Outputs = Eigen::Matrix<double, samples, outputs>;
using FirstWeights = Eigen::Matrix<double, inputs, hidden>;
using SecondWeights = Eigen::Matrix<double, hidden, outputs>;

constexpr double unit(int bits) {
    return 1.0 / static_cast<double>(std::int64_t{1} << bits);
}

/// Rounds to multiples of 2^-bits, half to even: in a sum with this constant a double has no finer digits left.
template<int bits, class Expression>
auto rounded(const Eigen::MatrixBase<Expression>& values) {
    constexpr double shift = 3.0 * static_cast<double>(std::int64_t{1} << (51 - bits));
    return ((values.array() + shift) - shift).matrix();
}

template<class Matrix>
Matrix matrix(const int* values, int bits) {
    Matrix result;
    for (Eigen::Index row = 0; row < Matrix::RowsAtCompileTime; ++row) {
        for (Eigen::Index column = 0; column < Matrix::ColsAtCompileTime; ++column) {
            result(row, column) = *values++ * unit(bits);
        }
    }
    return result;
}

struct Batch {
    Inputs input;
    Outputs target;
};

struct Course {
    std::array<Batch, batches> lessons;
    FirstWeights first;
    SecondWeights second;
};

Course make_course() {
    Course course;
    for (std::size_t i = 0; i < batches; ++i) {
        course.lessons[i].input = matrix<Inputs>(data().input_values.data() + i * samples * inputs, input_bits);
        course.lessons[i].target = matrix<Outputs>(data().target_values.data() + i * samples * outputs, signal_bits);
    }
    course.first = matrix<FirstWeights>(data().first_weights.data(), weight_bits);
    course.second = matrix<SecondWeights>(data().second_weights.data(), weight_bits);
    return course;
}

const Course& the_course() {
    static const Course course = make_course();
    return course;
}

/// A network on its way through the training.
class Training {
  public:
    /// Makes `step` the next one.
    void seek(std::uint64_t step) {
        if (step < next_) next_ = 0;
        while (next_ < step) (void)train();
    }

    /// One batch: forward, backward, and the weights follow the gradient. Returns what it adds to the kernel's value.
    [[gnu::noinline]] std::uint64_t train() {
        if (next_ == steps) next_ = 0;
        if (next_ == 0) {
            first_ = course_.first;
            second_ = course_.second;
        }
        const Batch& batch = course_.lessons[next_++ % batches];
        const Hidden active = rounded<signal_bits>(batch.input.lazyProduct(first_).cwiseMax(0.0));
        const Outputs error = rounded<signal_bits>(active.lazyProduct(second_) - batch.target);
        const Hidden blame =
            (active.array() > 0).select(rounded<signal_bits>(error.lazyProduct(second_.transpose())), 0.0);
        const SecondWeights second = second_ - active.transpose().lazyProduct(error) * unit(rate_bits);
        const FirstWeights first = first_ - batch.input.transpose().lazyProduct(blame) * unit(rate_bits);
        second_ = rounded<weight_bits>(second);
        first_ = rounded<weight_bits>(first);
        constexpr double per_loss = 1.0 / unit(2 * signal_bits);
        constexpr double per_weight = 1.0 / unit(weight_bits);
        return TrainingStep{static_cast<std::int64_t>(error.squaredNorm() * per_loss),
                            static_cast<std::int64_t>((first_.sum() + second_.sum()) * per_weight)}
            .value();
    }

  private:
    const Course& course_ = the_course();
    std::uint64_t next_ = 0;
    FirstWeights first_ = course_.first;
    SecondWeights second_ = course_.second;
};

std::vector<std::uint64_t> step_values() {
    std::vector<std::uint64_t> values;
    for (const TrainingStep& step : reference_training()) values.push_back(step.value());
    return values;
}

} // namespace

bool numeric(KernelState& state, std::uint64_t stop, std::uint32_t turns_per_check,
             const std::atomic<std::uint32_t>& breaker) {
    // The weights do not fit into the state. They follow from the number of the turn, so whoever goes on with it gets
    // the same ones.
    thread_local Training training;
    training.seek(state.turn % steps);
    return run_turns(state, stop, turns_per_check, breaker, [](std::uint64_t) { return training.train(); });
}

std::uint64_t numeric_expected(std::uint64_t turns) {
    static const PeriodSums sums(step_values());
    return sums.after(turns);
}

} // namespace gil
