#pragma once
#include <span>
#include <string_view>

namespace graft::neural {

/// How a gradient changes a weight: PyTorch's formulas and defaults (see optimizer_formulas.h).
enum class Optimizer { Sgd, RmsProp, Adagrad, AdamW };

/// One optimizer that can be chosen.
struct OptimizerSpec {
    std::string_view id; ///< as in plans and on the command line
    std::string_view title;
    std::string_view sentence; ///< for a person
    Optimizer optimizer;
    int slots; ///< numbers that it remembers for each weight
};

/// THE list, in menu order.
std::span<const OptimizerSpec> optimizers();

/// Throws Error, naming the ids that exist.
Optimizer optimizerNamed(std::string_view id);

struct OptimizerOptions {
    Optimizer optimizer = Optimizer::Sgd;
    double momentum = 0.9; ///< of SGD
    bool nesterov = false; ///< of SGD
    double weightDecay = 0.0; ///< decoupled in AdamW (Loshchilov and Hutter), L2 in the others
};

} // namespace graft::neural
