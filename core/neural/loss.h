#pragma once
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace graft::neural {

/// What training makes small. z are a picture's logits, p = softmax(z), K the number of classes, y the wanted
/// probabilities: 1 for the true class and 0 elsewhere, or with label smoothing s (Szegedy et al., 2016)
/// (1 - s) + s / K and s / K.
enum class Loss {
    CrossEntropy, ///< -sum_k w_k y_k log p_k, where w are the class weights
    Mse, ///< mean_k (p_k - y_k)^2
    Mae, ///< mean_k |p_k - y_k|
    Cosine, ///< 1 - (p . y) / (|p| |y|)
};

/// One loss that can be chosen.
struct LossSpec {
    std::string_view id; ///< as in plans and on the command line
    std::string_view title;
    std::string_view sentence; ///< for a person
    Loss loss;
};

/// THE list, in menu order.
std::span<const LossSpec> losses();

/// Throws Error, naming the ids that exist.
Loss lossNamed(std::string_view id);

struct LossOptions {
    Loss loss = Loss::CrossEntropy;
    double labelSmoothing = 0.0; ///< 0 .. 1
    std::vector<double> classWeights; ///< one for each class, or empty: 1 each
};

/// Throws Error where the options do not fit this number of classes.
void requireFit(const LossOptions& options, std::int64_t classes);

/// Throws Error where a label is not 0 .. classes - 1.
void requireLabels(std::span<const std::int64_t> labels, std::int64_t classes);

/// The mean over pictures is weighted by the weight of each one's true class, for every loss (with
/// cross-entropy this is what PyTorch does): sum_i loss_i / weightOf(labels), where the losses other than
/// cross-entropy are multiplied by the weight of the true class.
double weightOf(std::span<const std::int64_t> labels, const LossOptions& options);

struct LossValue {
    double loss = 0.0; ///< the weighted mean
    std::vector<double> slope; ///< d loss / d logit, row-major [rows, classes]
};

/// Of plain numbers: `logits` are row-major [rows, classes], labels are 0 .. classes - 1. Throws Error where
/// sizes, labels or options do not fit.
LossValue lossOf(std::span<const double> logits, std::span<const std::int64_t> labels,
                 const LossOptions& options);

} // namespace graft::neural
