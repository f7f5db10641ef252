#pragma once
#include "core/neural/loss.h"

#include <cmath>
#include <utility>

// The formulas of loss.h, once for a row of plain numbers (std::valarray) and for a whole matrix of tensors.
// `Row` has one number for each class; a `Sum` over them multiplies a Row.
namespace graft::neural {

template <class Row, class Sum>
struct RowLoss {
    Sum loss;
    Row slope; ///< d loss / d logit
};

/// z: logits. y: wanted probabilities. w: class weights. ofTruth: the weight of the true class. `Numbers`
/// names Row and Sum and knows sum, largest and sign of a Row; exp, log, sqrt and abs come with the types.
template <class Numbers, class Row = typename Numbers::Row, class Sum = typename Numbers::Sum>
RowLoss<Row, Sum> rowLoss(Loss kind, const Row& z, const Row& y, const Row& w, const Sum& ofTruth,
                          double classes)
{
    using std::abs;
    using std::exp;
    using std::log;
    using std::sqrt;
    const Row shifted = z - Numbers::largest(z); // softmax does not change, and nothing overflows
    const Row e = exp(shifted);
    const Sum total = Numbers::sum(e);
    const Row p = e / total;
    const auto throughSoftmax = [&](const Sum& loss, const Row& byP) {
        const Sum mean = Numbers::sum(Row(byP * p));
        return RowLoss<Row, Sum> {loss * ofTruth, Row(p * (byP - mean) * ofTruth)};
    };
    switch (kind) {
    case Loss::CrossEntropy: {
        const Row target = w * y;
        const Sum all = Numbers::sum(target);
        return {log(total) * all - Numbers::sum(Row(target * shifted)), Row(p * all - target)};
    }
    case Loss::Mse: {
        const Row off = p - y;
        return throughSoftmax(Numbers::sum(Row(off * off)) / classes, Row(off * (2.0 / classes)));
    }
    case Loss::Mae: {
        const Row off = p - y;
        return throughSoftmax(Numbers::sum(Row(abs(off))) / classes, Row(Numbers::sign(off) / classes));
    }
    case Loss::Cosine:
        break;
    }
    const Sum pp = Numbers::sum(Row(p * p));
    const Sum lengths = sqrt(Sum(pp * Numbers::sum(Row(y * y))));
    const Sum cosine = Numbers::sum(Row(p * y)) / lengths;
    return throughSoftmax(1.0 - cosine, Row(p * Sum(cosine / pp) - y / lengths));
}

} // namespace graft::neural
