#include "ui/wizard/backbone_words.h"

#include "core/network/weights/catalogue.h"
#include "ui/models/words.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>

namespace graft::ui {

namespace {

struct BackboneWords {
    Q_DECLARE_TR_FUNCTIONS(graft::ui::BackboneWords)
};

/// 4.65 as "4.7", 138.4 as "138", 0.4 as "0.4".
QString shortNumber(double value)
{
    constexpr double plenty = 100.0; // from here on the decimal says nothing
    return QLocale().toString(value, 'f', value < plenty ? 1 : 0);
}

} // namespace

QString sizeText(std::int64_t bytes, std::int64_t weights)
{
    constexpr double million = 1e6;
    return BackboneWords::tr("%1, %2 million weights")
        .arg(megabytes(bytes), shortNumber(static_cast<double>(weights) / million));
}

QString speedText(double picturesPerSecond)
{
    constexpr double slow = 10.0;
    return BackboneWords::tr("%1 pictures/s")
        .arg(QLocale().toString(picturesPerSecond, 'f', picturesPerSecond < slow ? 1 : 0));
}

const learn::BackboneEvidence* outstanding(const learn::Advice& advice)
{
    const learn::BackboneEvidence* best = nullptr;
    for (const learn::BackboneEvidence& own : advice.backbones) {
        if (!best || own.probe.accuracy() > best->probe.accuracy())
            best = &own;
    }
    if (!best || advice.backbones.size() < 2)
        return nullptr;
    const double least = best->probe.interval().low;
    const bool ahead = std::ranges::all_of(advice.backbones, [&](const learn::BackboneEvidence& other) {
        return &other == best || other.probe.accuracy() < least;
    });
    return ahead ? best : nullptr;
}

const learn::BackboneEvidence* evidenceOf(const learn::Advice& advice, const std::string& weights)
{
    const std::string_view id = network::backboneOfWeights(weights);
    const auto found = std::ranges::find(advice.backbones, id, &learn::BackboneEvidence::backbone);
    return found == advice.backbones.end() ? nullptr : &*found;
}

} // namespace graft::ui
