#include "ui/wizard/strategy_words.h"

#include "ui/models/words.h"

#include <QCoreApplication>

#include <algorithm>

namespace graft::ui {

namespace {

struct StrategyWords {
    Q_DECLARE_TR_FUNCTIONS(graft::ui::StrategyWords)
};

} // namespace

int strategyNumber(std::string_view id)
{
    const auto* const found = std::ranges::find(strategyPlaces, id, &StrategyPlace::id);
    return found == strategyPlaces.end() ? 0 : found->number;
}

QString placeTitle(std::string_view id)
{
    switch (strategyNumber(id)) {
    case 1:
        return StrategyWords::tr("Train only the classifier");
    case 2:
        return StrategyWords::tr("Fine-tune the whole network");
    case 3:
        return StrategyWords::tr("Cut off the top layers, sort with an SVM");
    case 4:
        return StrategyWords::tr("Train from scratch, or start from weights");
    default:
        return coreText(id);
    }
}

QString placeSentence(std::string_view id, bool fromZero)
{
    switch (strategyNumber(id)) {
    case 1:
        return StrategyWords::tr("the network stays frozen and only a new last layer learns your classes.");
    case 2:
        return StrategyWords::tr(
            "a new last layer learns your classes, then the whole network learns on, gently.");
    case 3:
        return StrategyWords::tr("the network is cut where its layers suit your pictures best, and a support "
                                 "vector machine (SVM) sorts what comes out there.");
    case 4:
        return fromZero
            ? StrategyWords::tr("all layers forget what they know and learn from zero, from your pictures "
                                "alone.")
            : StrategyWords::tr("all layers learn your pictures at full speed and start from the weights "
                                "they have.");
    default:
        return {};
    }
}

QString forecastSentence(const learn::Forecast& forecast)
{
    const QString time = durationRange(forecast.lowSeconds, forecast.highSeconds);
    const QString text = forecast.measured
        ? StrategyWords::tr("It takes %1 on this computer and gets about %2 right, likely %3.")
        : StrategyWords::tr("It takes %1 on this computer and may get about %2 right, likely %3, as far as "
                            "the frozen network tells.");
    return text.arg(time, percent(forecast.accuracy), percentRange(forecast.likely));
}

} // namespace graft::ui
