#include "ui/wizard/summary_words.h"

#include "core/augment/recipe.h"
#include "core/base/error.h"
#include "core/engine/cross_validation.h"
#include "core/learn/plan_choices.h"
#include "ui/models/words.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>

namespace graft::ui {

namespace {

struct SummaryWords {
    Q_DECLARE_TR_FUNCTIONS(graft::ui::SummaryWords)
};

dataset::ClassCount totalOf(const dataset::Dataset& data)
{
    dataset::ClassCount total;
    for (const dataset::ClassCount& own : dataset::countClasses(data)) {
        total.all += own.all;
        total.training += own.training;
        total.validation += own.validation;
        total.test += own.test;
    }
    return total;
}

bool areFew(const dataset::Dataset& data)
{
    const std::vector<dataset::ClassCount> counts = dataset::countClasses(data);
    return std::ranges::any_of(counts, [](const dataset::ClassCount& own) {
        return own.all > 0 && own.all < engine::enoughPictures;
    });
}

bool changesPictures(const learn::Plan& plan)
{
    try {
        return augment::changesPictures(augment::readRecipe(plan.recipe));
    } catch (const Error&) { // of a newer Graft
        return false;
    }
}

} // namespace

QString learningSentence(const learn::Plan& plan)
{
    const QString backbone = backboneTitle(plan);
    if (plan.strategy == "linear")
        return SummaryWords::tr("%1 stays as it is. A new linear classifier learns on its features.")
            .arg(backbone);
    if (plan.strategy == "finetune")
        return SummaryWords::tr(
                   "All of %1 learns on, the lower stages more slowly, and a new classifier with "
                   "it.")
            .arg(backbone);
    if (plan.strategy == "scratch" && plan.init == "random")
        return SummaryWords::tr("All layers of %1 learn from zero, beginning with random numbers.")
            .arg(backbone);
    if (plan.strategy == "scratch")
        return SummaryWords::tr("All layers of %1 learn, beginning with what they know of ImageNet.")
            .arg(backbone);
    if (plan.cut == "auto")
        return SummaryWords::tr(
                   "The upper stages of %1 are cut off where cross-validation says, and a support "
                   "vector machine learns on what is left.")
            .arg(backbone);
    return SummaryWords::tr(
               "%1 is cut off after its stage %2, and a support vector machine learns on what is "
               "left.")
        .arg(backbone, QString::fromStdString(plan.cut));
}

QString picturesSentence(const learn::Plan& plan, const dataset::Dataset& data)
{
    const dataset::ClassCount total = totalOf(data);
    const QString pictures =
        SummaryWords::tr("It learns from %Ln training picture(s)", nullptr, total.training);
    const QString classes =
        SummaryWords::tr("in %Ln class(es)", nullptr, static_cast<int>(data.classes.size()));
    const QString both = SummaryWords::tr("%1 %2").arg(pictures, classes);
    if (learn::canBeTimed(plan) || plan.copies == 0 || !changesPictures(plan))
        return SummaryWords::tr("%1.").arg(both);
    return SummaryWords::tr("%1, and from %2 of each.")
        .arg(both, SummaryWords::tr("%Ln augmented draw(s)", nullptr, plan.copies));
}

QString racePicturesSentence(const dataset::Dataset& data)
{
    return SummaryWords::tr("%1 %2.").arg(
        SummaryWords::tr("They learn from the same %Ln training picture(s)", nullptr, totalOf(data).training),
        SummaryWords::tr("in %Ln class(es)", nullptr, static_cast<int>(data.classes.size())));
}

QString raceAugmentationSentence(const learn::Plan& plan)
{
    if (!changesPictures(plan))
        return SummaryWords::tr("The pictures are learned as they are, without augmentation.");
    const QString hint = recipeHint(plan.recipe);
    const QString copies = plan.copies == 0
        ? SummaryWords::tr("1 and 3 learn the pictures as they are")
        : SummaryWords::tr("1 and 3 learn from %Ln augmented draw(s) of each", nullptr, plan.copies);
    return SummaryWords::tr("%1: strategies 2 and 4 draw every picture anew in each epoch, %2.")
        .arg(hint, copies);
}

QString raceMeasuringSentence(const dataset::Dataset& data)
{
    const int test = totalOf(data).test;
    if (test == 0)
        return SummaryWords::tr("There are no test pictures, so the strategies are compared on validation "
                                "pictures, which flatters all of them a little.");
    return SummaryWords::tr("%Ln test picture(s) stay secret until the end and are answered once by each.",
                            nullptr, test);
}

QString augmentationSentence(const learn::Plan& plan)
{
    if (!changesPictures(plan))
        return SummaryWords::tr("The pictures are learned as they are, without augmentation.");
    const QString hint = recipeHint(plan.recipe);
    if (learn::canBeTimed(plan))
        return SummaryWords::tr("%1: every picture is drawn anew in each epoch.").arg(hint);
    if (plan.copies == 0)
        return SummaryWords::tr("%1, but no copies: the pictures are learned as they are.").arg(hint);
    return SummaryWords::tr("%1: the copies are drawn once, before learning.").arg(hint);
}

QString stepsSentence(const learn::Plan& plan)
{
    if (!learn::learnsInEpochs(plan)) {
        const QString kernel = plan.kernel == "rbf" ? SummaryWords::tr("radial basis functions")
                                                    : SummaryWords::tr("straight borders");
        return plan.penalty > 0.0
            ? SummaryWords::tr("The machine uses %1 and C %2.").arg(kernel, QLocale().toString(plan.penalty))
            : SummaryWords::tr("The machine uses %1, and cross-validation chooses C.").arg(kernel);
    }
    const QString length = plan.minutes > 0.0
        ? SummaryWords::tr("for %1").arg(duration(60.0 * plan.minutes))
        : SummaryWords::tr("for at most %Ln epoch(s)", nullptr, plan.epochs);
    const QString steps = SummaryWords::tr("It learns with %1, %2")
                              .arg(planSummary(plan).section(QStringLiteral(", "), 1), length);
    if (plan.patience == 0)
        return SummaryWords::tr("%1.").arg(steps);
    return SummaryWords::tr("%1, and ends earlier after %2 without a better result.")
        .arg(steps, SummaryWords::tr("%Ln epoch(s)", nullptr, plan.patience));
}

QString choosingSentence(const learn::Plan& plan, const dataset::Dataset& data)
{
    if (!learn::learnsInEpochs(plan))
        return SummaryWords::tr(
            "Validation pictures are not learned from; they show how it does on the way.");
    return raceChoosingSentence(data);
}

QString raceChoosingSentence(const dataset::Dataset& data)
{
    const int validation = totalOf(data).validation;
    if (validation == 0)
        return SummaryWords::tr("There are no validation pictures, so the training loss chooses the best "
                                "epoch.");
    return SummaryWords::tr("%Ln validation picture(s) choose the best epoch; they are not learned from.",
                            nullptr, validation);
}

QString measuringSentence(const dataset::Dataset& data)
{
    const int test = totalOf(data).test;
    if (areFew(data))
        return SummaryWords::tr(
            "There are few pictures, so the accuracy is measured by cross-validation where "
            "time allows: each picture is answered without having been learned from.");
    if (test == 0)
        return SummaryWords::tr("There are no test pictures, so the accuracy is that of validation, a little "
                                "too good.");
    return SummaryWords::tr("%Ln test picture(s) stay secret until the end and measure the accuracy once.",
                            nullptr, test);
}

QString accuracyText(const learn::Forecast* forecast)
{
    if (!forecast)
        return SummaryWords::tr("not known yet");
    return SummaryWords::tr("%1, likely %2").arg(percent(forecast->accuracy), percentRange(forecast->likely));
}

QString accuracySource(const learn::Forecast* forecast)
{
    if (!forecast)
        return SummaryWords::tr("This network, or this way to use it, was not tried on your pictures.");
    return forecast->measured
        ? SummaryWords::tr("Of new pictures, from cross-validation on your training pictures.")
        : SummaryWords::tr("Of new pictures, worked out from how frozen features do on yours.");
}

} // namespace graft::ui
