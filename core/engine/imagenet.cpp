#include "core/engine/imagenet.h"

#include "core/engine/picture_answers.h"
#include "core/engine/trunk.h"
#include "core/network/weights/catalogue.h"
#include "core/neural/devices.h"

#include <algorithm>
#include <numeric>

namespace graft::engine {

namespace fs = std::filesystem;

struct ImagenetClassifier::Impl {
    PreprocessSpec preprocess;
    AnswerNetwork network;
};

ImagenetClassifier::ImagenetClassifier(const std::string& backbone, const std::string& device)
{
    const Trunk trunk = loadTrunk(backbone);
    m_impl = std::make_unique<Impl>(
        Impl {trunk.preprocess,
              AnswerNetwork(answering(trunk.graph, trunk.weights, neural::chooseDevice(device).id))});
}

ImagenetClassifier::~ImagenetClassifier() = default;
ImagenetClassifier::ImagenetClassifier(ImagenetClassifier&&) noexcept = default;
ImagenetClassifier& ImagenetClassifier::operator=(ImagenetClassifier&&) noexcept = default;

Prediction ImagenetClassifier::classify(const Image& image)
{
    return answerOf(m_impl->network, m_impl->preprocess, image);
}

ClassifyResult ImagenetClassifier::classify(const std::vector<fs::path>& paths, const ProgressSink& progress,
                                            std::stop_token stop,
                                            const std::function<void(const Prediction&)>& each)
{
    constexpr double rejectNothing = 0.0;
    return answersOf(m_impl->network, m_impl->preprocess, imagenetLabels().size(), {}, paths, rejectNothing,
                     progress, std::move(stop), each);
}

std::span<const std::string> imagenetLabels()
{
    return network::imagenetLabels();
}

namespace {

ImagenetAnswer mostProbable(const Prediction& prediction, int top)
{
    const std::vector<float>& shares = prediction.probabilities;
    std::vector<int> order(shares.size());
    std::iota(order.begin(), order.end(), 0);
    const auto shown = std::clamp<std::ptrdiff_t>(top, 1, std::ssize(order));
    std::ranges::partial_sort(order, order.begin() + shown, std::greater {},
                              [&](int i) { return shares[static_cast<std::size_t>(i)]; });
    ImagenetAnswer answer {prediction.path, {}};
    for (const int index : std::span(order).first(static_cast<std::size_t>(shown))) {
        const auto at = static_cast<std::size_t>(index);
        answer.top.push_back({index, imagenetLabels()[at], shares[at]});
    }
    return answer;
}

} // namespace

ImagenetResult imagenet(const std::vector<fs::path>& paths, const std::string& backbone, int top,
                        const std::string& device, const ProgressSink& progress, std::stop_token stop)
{
    ClassifyResult answers = ImagenetClassifier(backbone, device).classify(paths, progress, std::move(stop));
    if (answers.stopped)
        throw Stopped();
    ImagenetResult result;
    for (const Prediction& prediction : answers.predictions)
        result.predictions.push_back(mostProbable(prediction, top));
    result.problems = std::move(answers.problems);
    return result;
}

} // namespace graft::engine
