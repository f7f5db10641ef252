#include "core/engine/advice_record.h"

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/engine/advise.h"
#include "core/engine/data_fingerprint.h"
#include "core/learn/advice_json.h"
#include "core/learn/advisor.h"
#include "core/network/cut.h"
#include "core/network/weights/catalogue.h"

#include <fstream>
#include <sstream>

namespace graft::engine {

namespace {

constexpr auto fileName = "advice.json";

/// Whether this forecast speaks of such a training.
bool speaksOf(const learn::Forecast& forecast, const learn::Plan& plan)
{
    const learn::Plan usual;
    if (plan.pooling != usual.pooling || plan.kernel != usual.kernel)
        return false;
    if (plan.strategy == "scratch" && plan.init != forecast.init)
        return false;
    if (plan.cut == "auto") // chosen as it was for the forecast
        return true;
    const network::BackboneSpec& backbone = network::backbone(network::backboneOfWeights(plan.backbone));
    return network::stageOf(backbone, plan.cut) == forecast.cut;
}

/// Empty where there is none, or none that can be read.
std::optional<learn::Forecast> keptForecast(const store::Project& project, const std::string& run)
{
    std::ifstream file(project.runFolder(run) / fileName);
    if (!file)
        return {};
    std::stringstream text;
    text << file.rdbuf();
    try {
        return learn::forecastFromJson(text.str());
    } catch (const Error&) {
        return {};
    }
}

} // namespace

std::optional<learn::Advice> latestAdvice(const store::Project& project)
{
    const std::string text = project.advice();
    if (text.empty())
        return {};
    learn::Advice advice = learn::adviceFromJson(text);
    if (!advice.complete() || advice.dataFingerprint != dataFingerprint(project.dataset()))
        return {};
    return advice;
}

const learn::Forecast* forecastFor(const learn::Advice& advice, const learn::Plan& plan)
{
    const learn::Forecast* forecast =
        advice.backbone == plan.backbone ? learn::forecastOf(advice, plan.strategy) : nullptr;
    return forecast && speaksOf(*forecast, plan) ? forecast : nullptr;
}

void keepForecast(const store::Project& project, const store::RunRecord& run)
{
    try {
        const auto advice = latestAdvice(project);
        const learn::Forecast* forecast = advice ? forecastFor(*advice, run.plan) : nullptr;
        if (forecast)
            writeFile(project.runFolder(run.id) / fileName, learn::toJson(*forecast) + '\n');
    } catch (const Error&) {
        return; // the advice or the disk: no reason not to train
    }
}

std::vector<AdviceVerdict> adviceVerdicts(const store::Project& project)
{
    std::vector<AdviceVerdict> verdicts;
    for (const store::RunRecord& run : project.runs()) {
        const ConfusionMatrix& answered = run.result.headline();
        const learn::Answers test {answered.correct(), answered.total()};
        if (run.state != store::RunState::Finished || test.total == 0)
            continue;
        const auto forecast = keptForecast(project, run.id);
        if (!forecast)
            continue;
        const bool held = test.accuracy() >= forecast->likely.low && test.accuracy() <= forecast->likely.high;
        verdicts.push_back({run.id, run.plan.strategy, *forecast, test, held});
    }
    return verdicts;
}

} // namespace graft::engine
