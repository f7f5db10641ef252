#pragma once
#include "core/neural/optimizer.h"

#include <array>
#include <cmath>
#include <cstddef>

// The formulas of PyTorch's documentation, once for plain floats and for whole tensors. w is the weight, g
// its gradient, slots what the optimizer remembers; all begin at zero.
namespace graft::neural {

/// The numbers of one update, in the type that multiplies `Number`.
template <class Real>
struct StepNumbers {
    Real rate;
    Real decay;
    Real momentum;
    bool nesterov;
    Real firstCorrection; ///< of AdamW: 1 - beta1^t for update t = 1, 2, ...
    Real secondCorrection; ///< 1 - beta2^t

    StepNumbers(const OptimizerOptions& options, double learningRate, double weightDecay, double update)
        : rate(static_cast<Real>(learningRate))
        , decay(static_cast<Real>(weightDecay))
        , momentum(static_cast<Real>(options.momentum))
        , nesterov(options.nesterov)
        , firstCorrection(static_cast<Real>(1.0 - std::pow(beta1, update)))
        , secondCorrection(static_cast<Real>(1.0 - std::pow(beta2, update)))
    {
    }

    static constexpr double beta1 = 0.9;
    static constexpr double beta2 = 0.999;
};

struct SgdFormula {
    static constexpr std::size_t slots = 1; ///< velocity

    template <class Number, class Real>
    static void change(Number& w, const Number& gradient, std::array<Number, slots>& slot,
                       const StepNumbers<Real>& n)
    {
        const Number g = gradient + n.decay * w;
        slot[0] = n.momentum * slot[0] + g;
        w = n.nesterov ? Number(w - n.rate * (g + n.momentum * slot[0])) : Number(w - n.rate * slot[0]);
    }
};

struct RmsPropFormula {
    static constexpr std::size_t slots = 1; ///< running mean of the squares

    template <class Number, class Real>
    static void change(Number& w, const Number& gradient, std::array<Number, slots>& slot,
                       const StepNumbers<Real>& n)
    {
        using std::sqrt;
        constexpr auto alpha = static_cast<Real>(0.99);
        constexpr auto epsilon = static_cast<Real>(1e-8);
        const Number g = gradient + n.decay * w;
        slot[0] = alpha * slot[0] + (1 - alpha) * g * g;
        w = w - n.rate * g / (sqrt(slot[0]) + epsilon);
    }
};

struct AdagradFormula {
    static constexpr std::size_t slots = 1; ///< sum of the squares

    template <class Number, class Real>
    static void change(Number& w, const Number& gradient, std::array<Number, slots>& slot,
                       const StepNumbers<Real>& n)
    {
        using std::sqrt;
        constexpr auto epsilon = static_cast<Real>(1e-10);
        const Number g = gradient + n.decay * w;
        slot[0] = slot[0] + g * g;
        w = w - n.rate * g / (sqrt(slot[0]) + epsilon);
    }
};

struct AdamWFormula {
    static constexpr std::size_t slots = 2; ///< running means of the gradient and of its squares

    template <class Number, class Real>
    static void change(Number& w, const Number& g, std::array<Number, slots>& slot,
                       const StepNumbers<Real>& n)
    {
        using std::sqrt;
        constexpr auto first = static_cast<Real>(StepNumbers<Real>::beta1);
        constexpr auto second = static_cast<Real>(StepNumbers<Real>::beta2);
        constexpr auto epsilon = static_cast<Real>(1e-8);
        slot[0] = first * slot[0] + (1 - first) * g;
        slot[1] = second * slot[1] + (1 - second) * g * g;
        const Number size = sqrt(slot[1] / n.secondCorrection) + epsilon;
        w = (1 - n.rate * n.decay) * w - (n.rate / n.firstCorrection) * slot[0] / size;
    }
};

/// Calls `work` with the formula of the optimizer.
template <class Work>
void withFormula(Optimizer optimizer, const Work& work)
{
    switch (optimizer) {
    case Optimizer::Sgd:
        return work(SgdFormula());
    case Optimizer::RmsProp:
        return work(RmsPropFormula());
    case Optimizer::Adagrad:
        return work(AdagradFormula());
    case Optimizer::AdamW:
        return work(AdamWFormula());
    }
}

/// One update of `count` numbers; `slots` are as many arrays of that length as the optimizer has.
void changeNumbers(Optimizer optimizer, float* w, const float* gradient, const std::array<float*, 2>& slots,
                   std::size_t count, const StepNumbers<float>& numbers);

} // namespace graft::neural
