#include "core/neural/optimizer.h"

#include "core/base/error.h"
#include "core/neural/inside/optimizer_formulas.h"

#include <string>

namespace graft::neural {

std::span<const OptimizerSpec> optimizers()
{
    static constexpr std::array list {
        OptimizerSpec {"sgd", "SGD",
                       "Gradient descent with momentum: simple, and often the most accurate in the end.",
                       Optimizer::Sgd, SgdFormula::slots},
        OptimizerSpec {"rmsprop", "RMSprop", "Divides each step by the recent size of that weight's slope.",
                       Optimizer::RmsProp, RmsPropFormula::slots},
        OptimizerSpec {"adagrad", "Adagrad",
                       "Makes steps smaller where a weight has moved much already; slows down by itself.",
                       Optimizer::Adagrad, AdagradFormula::slots},
        OptimizerSpec {
            "adamw", "AdamW",
            "Momentum and step sizes that adapt, with weight decay apart: forgives a wrong learning "
            "rate best.",
            Optimizer::AdamW, AdamWFormula::slots},
    };
    return list;
}

Optimizer optimizerNamed(std::string_view id)
{
    std::string known;
    for (const OptimizerSpec& spec : optimizers()) {
        if (spec.id == id)
            return spec.optimizer;
        known += " " + std::string(spec.id);
    }
    throw Error(std::string(id), "there is no such optimizer", "Choose one of:" + known + ".");
}

void changeNumbers(Optimizer optimizer, float* w, const float* gradient, const std::array<float*, 2>& slots,
                   std::size_t count, const StepNumbers<float>& numbers)
{
    withFormula(optimizer, [&]<class Formula>(Formula) {
        for (std::size_t i = 0; i < count; ++i) {
            std::array<float, Formula::slots> slot {};
            for (std::size_t k = 0; k < Formula::slots; ++k)
                slot[k] = slots[k][i];
            Formula::change(w[i], gradient[i], slot, numbers);
            for (std::size_t k = 0; k < Formula::slots; ++k)
                slots[k][i] = slot[k];
        }
    });
}

} // namespace graft::neural
