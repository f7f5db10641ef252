#pragma once
#include "core/base/progress.h"
#include "core/learn/advice.h"
#include "core/store/project.h"

#include <functional>
#include <stop_token>
#include <string>

namespace graft::engine {

struct AdviseOptions {
    std::string backbone = "efficientnet-lite0"; ///< must have weights on this computer
    std::string device = "auto"; ///< as learn::Plan
    std::uint64_t seed = 1; ///< of folds, and of the choice of pictures where there are very many
    bool rankBackbones = true; ///< the others too, where their weights are here; costs a pass for each
};

/// Called on the calling thread whenever more is known.
using AdviceSink = std::function<void(const learn::Advice& soFar)>;

/// Places the project's training pictures on the map from measurements, and recommends a strategy. Never
/// looks at test pictures. Features are read from the project's cache and kept there. The complete advice is
/// kept in the project. Under a minute for 1,000 pictures with EfficientNet-Lite0 on two cores. Throws Error
/// (no weights, fewer than two usable classes), Stopped.
learn::Advice advise(store::Project& project, const AdviseOptions& options, const AdviceSink& each,
                     const ProgressSink& progress, std::stop_token stop);

/// The latest complete advice of the project; empty where there is none, or where the pictures are others
/// now.
std::optional<learn::Advice> latestAdvice(const store::Project& project);

/// What the advice says of such a training, or null where it does not speak of it: of another network, cut or
/// start. Requires a completed plan.
const learn::Forecast* forecastFor(const learn::Advice& advice, const learn::Plan& plan);

/// Whether what was predicted came true.
struct AdviceVerdict {
    std::string run;
    std::string strategy;
    learn::Forecast forecast; ///< what had been said of this strategy
    learn::Answers test; ///< what came: of the test pictures, or of the folds where there are few
    bool held = false; ///< its accuracy lies in the likely interval
};

/// Of each finished run that was made after the advice with its backbone: kept in the project with the run.
std::vector<AdviceVerdict> adviceVerdicts(const store::Project& project);

} // namespace graft::engine
