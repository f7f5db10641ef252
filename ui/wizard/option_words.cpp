#include "ui/wizard/option_words.h"

#include "core/learn/plan_choices.h"
#include "core/network/backbone.h"
#include "core/network/weights/catalogue.h"

#include <QCoreApplication>

#include <algorithm>
#include <string_view>
#include <vector>

namespace graft::ui {

namespace {

struct OptionWords {
    Q_DECLARE_TR_FUNCTIONS(graft::ui::OptionWords)
};

std::vector<std::string_view> backbonesWithBatchNorm()
{
    std::vector<std::string_view> ids;
    for (const network::BackboneSpec& spec : network::backbones()) {
        const network::Graph graph = spec.build({});
        if (std::ranges::any_of(graph.nodes, [](const network::Node& node) {
                return std::holds_alternative<network::BatchNorm>(node.op);
            }))
            ids.push_back(spec.id);
    }
    return ids;
}

bool hasBatchNorm(const learn::Plan& plan)
{
    static const std::vector<std::string_view> with = backbonesWithBatchNorm();
    return std::ranges::find(with, network::backboneOfWeights(plan.backbone)) != with.end();
}

QString ownSolver()
{
    return OptionWords::tr("A support vector machine has its own solver, which runs to its end.");
}

QString onlyForTheNetwork()
{
    return OptionWords::tr(
        "Only for strategies that train the network itself: fine-tuning and from scratch.");
}

QString onlyForMachines()
{
    return OptionWords::tr("Only for the strategy with a support vector machine.");
}

} // namespace

QString optionTitle(Option option)
{
    switch (option) {
    case Option::Effort:
        return OptionWords::tr("Time");
    case Option::Careful:
        return OptionWords::tr("Few pictures");
    case Option::Optimizer:
        return OptionWords::tr("Optimizer");
    case Option::Loss:
        return OptionWords::tr("Loss");
    case Option::LearningRate:
        return OptionWords::tr("Learning rate");
    case Option::Batch:
        return OptionWords::tr("Batch size");
    case Option::Length:
        return OptionWords::tr("Train for");
    case Option::Patience:
        return OptionWords::tr("Stop early");
    case Option::Pooling:
        return OptionWords::tr("Pooling");
    case Option::Dropout:
        return OptionWords::tr("Dropout");
    case Option::ClassWeights:
        return OptionWords::tr("Class weights");
    case Option::LabelSmoothing:
        return OptionWords::tr("Label smoothing");
    case Option::WeightDecay:
        return OptionWords::tr("Weight decay");
    case Option::ClipNorm:
        return OptionWords::tr("Gradient clip");
    case Option::Momentum:
        return OptionWords::tr("Momentum");
    case Option::InputSize:
        return OptionWords::tr("Input size");
    case Option::BatchStatistics:
        return OptionWords::tr("Batch statistics");
    case Option::Kernel:
        return OptionWords::tr("Kernel");
    case Option::Penalty:
        return OptionWords::tr("C");
    case Option::Gamma:
        return OptionWords::tr("Gamma");
    case Option::Precision:
        return OptionWords::tr("Precision");
    case Option::Device:
        return OptionWords::tr("Device");
    case Option::Seed:
        return OptionWords::tr("Seed");
    }
    return {};
}

QString optionMeaning(Option option)
{
    switch (option) {
    case Option::Effort:
        return OptionWords::tr("How many times the network sees all training pictures, and how long it waits "
                               "for a better result. The best epoch is kept in any case.");
    case Option::Careful:
        return OptionWords::tr("With few pictures a network soon knows each of them by heart and still fails "
                               "on new ones. Dropout hides half of the features in each step, and label "
                               "smoothing asks for 90 % certainty instead of 100 %.");
    case Option::Optimizer:
        return OptionWords::tr("How a slope becomes a step. Each of them has a learning rate that suits it: "
                               "leave the rate to Graft, and it follows.");
    case Option::Loss:
        return OptionWords::tr("What training makes small: how far the answers are from the right ones. "
                               "Cross-entropy is the usual choice for telling classes apart.");
    case Option::LearningRate:
        return OptionWords::tr("How big each learning step is. Too big, and the loss jumps up and down. Too "
                               "small, and nothing seems to happen.");
    case Option::Batch:
        return OptionWords::tr(
            "How many pictures are looked at before each step. More make the steps "
            "steadier and need more memory. Where memory is short, Graft divides a batch.");
    case Option::Length:
        return OptionWords::tr("An epoch is one pass over all training pictures. Or give a time: then "
                               "the learning rate falls with the clock. The best epoch is kept.");
    case Option::Patience:
        return OptionWords::tr(
            "Validation pictures are not learned from. When the loss on them has not become "
            "better for so many epochs, training ends: more would be learning by heart.");
    case Option::Pooling:
        return OptionWords::tr("How a feature map becomes one number: its average says how much of a feature "
                               "there is in the picture, its largest whether it is there at all.");
    case Option::Dropout:
        return OptionWords::tr("The share of features that is hidden in each step, so that the network does "
                               "not lean on a single one. Helps with few pictures; 0 hides none.");
    case Option::ClassWeights:
        return OptionWords::tr(
            "Balanced lets each picture of a small class count more, so that a large class "
            "is not the easy answer. Automatic does that where classes are unequal.");
    case Option::LabelSmoothing:
        return OptionWords::tr(
            "The certainty that is taken from the right class and given to all. With 0.1 "
            "the network does not strain for the last percent, and forgives wrong labels.");
    case Option::WeightDecay:
        return OptionWords::tr("Pulls all weights a little towards zero with every step. More makes the "
                               "network simpler, which helps where pictures are few.");
    case Option::ClipNorm:
        return OptionWords::tr(
            "The longest that a gradient may be. It keeps one odd batch from spoiling what "
            "was learned; 0 sets no limit.");
    case Option::Momentum:
        return OptionWords::tr("How much of the last step goes into the next one, as a ball that rolls. Near "
                               "1 it is fast and hard to turn.");
    case Option::InputSize:
        return OptionWords::tr("Height and width of the pictures for the network, in pixels: a multiple of "
                               "32. Larger shows finer detail; twice the size takes about four times as "
                               "long.");
    case Option::BatchStatistics:
        return OptionWords::tr("Batch norm divides by how much the numbers vary. Frozen takes what ImageNet "
                               "has taught, which is safer with few pictures. From each batch follows "
                               "yours.");
    case Option::Kernel:
        return OptionWords::tr("A linear machine draws straight borders between the classes. Radial basis "
                               "functions can bend them, take longer, and learn few pictures by heart more "
                               "easily.");
    case Option::Penalty:
        return OptionWords::tr("What a picture on the wrong side of the border costs. A small C gives a "
                               "simple border, a large one follows every picture. Left empty, "
                               "cross-validation chooses.");
    case Option::Gamma:
        return OptionWords::tr("How quickly likeness fades with distance. A large gamma lets every picture "
                               "speak for its close neighbours only. Left empty, cross-validation chooses.");
    case Option::Precision:
        return OptionWords::tr("The numbers that are learned with. Shorter ones can be faster and are "
                               "coarser. Where there is enough to learn, Automatic measures whether they are "
                               "faster on this computer and give the same. Answers are always float32.");
    case Option::Device:
        return OptionWords::tr("What computes. Graft takes a graphics card where one can be used.");
    case Option::Seed:
        return OptionWords::tr(
            "The number that all chance comes from: order, dropout, augmentation. The same "
            "seed gives the same training again, another one shows how much is luck.");
    }
    return {};
}

QString whyNot(Option option, const learn::Plan& plan)
{
    const bool network = learn::canBeTimed(plan);
    switch (option) {
    case Option::Effort:
    case Option::Careful:
    case Option::Optimizer:
    case Option::Loss:
    case Option::LearningRate:
    case Option::Batch:
    case Option::Length:
    case Option::Patience:
    case Option::Dropout:
    case Option::LabelSmoothing:
    case Option::WeightDecay:
    case Option::ClipNorm:
        return learn::learnsInEpochs(plan) ? QString() : ownSolver();
    case Option::Momentum:
        if (!learn::learnsInEpochs(plan))
            return ownSolver();
        return plan.optimizer == "sgd" ? QString() : OptionWords::tr("Only SGD has a momentum to choose.");
    case Option::InputSize:
        return plan.strategy == "scratch"
            ? QString()
            : OptionWords::tr("Only for the strategy from scratch: the others build on what the network "
                              "has learned at its own size.");
    case Option::BatchStatistics:
        if (!network)
            return onlyForTheNetwork();
        return hasBatchNorm(plan) ? QString() : OptionWords::tr("This backbone has no batch norm.");
    case Option::Kernel:
    case Option::Penalty:
        return plan.strategy == "svm" ? QString() : onlyForMachines();
    case Option::Gamma:
        if (plan.strategy != "svm")
            return onlyForMachines();
        return plan.kernel == "rbf" ? QString()
                                    : OptionWords::tr("Only radial basis functions have a gamma.");
    case Option::Pooling:
    case Option::ClassWeights:
    case Option::Precision:
    case Option::Device:
    case Option::Seed:
        return {};
    }
    return {};
}

} // namespace graft::ui
