#pragma once
#include <limits>

namespace graft::learn {

/// Notices when learning gets no better. A plain value: it can be kept and restored.
struct EarlyStop {
    int patience = 0; ///< epochs without a better loss until it ends; 0: never
    double bestLoss = std::numeric_limits<double>::infinity();
    int stale = 0; ///< epochs since the best one

    /// Tells the loss of the epoch that ended; true where it is the best so far.
    bool better(double loss)
    {
        if (loss < bestLoss) {
            bestLoss = loss;
            stale = 0;
            return true;
        }
        ++stale;
        return false;
    }

    bool over() const { return patience > 0 && stale >= patience; }
};

} // namespace graft::learn
