#include "core/engine/answer_network.h"

#include "core/engine/self_check.h"
#include "core/engine/trunk.h"
#include "core/imaging/resize.h"
#include "core/network/backbone.h"
#include "core/network/cut.h"
#include "core/network/weights/catalogue.h"

namespace graft::engine {

AnswerNetwork::AnswerNetwork(neural::Interpreter network, std::optional<learn::RbfMachine> machine)
    : m_network(std::move(network))
    , m_machine(std::move(machine))
{
}

std::vector<float> AnswerNetwork::run(const neural::Batch& batch)
{
    std::vector<float> result = m_network.run(batch);
    return m_machine ? learn::rbfLogits(*m_machine, result) : result;
}

bool answersByKernel(const learn::Plan& plan)
{
    return plan.strategy == "svm" && plan.kernel == "rbf";
}

learn::LinearModel headOf(const share::Model& model)
{
    learn::LinearModel head;
    if (answersByKernel(model.card.plan)) {
        head.rbf = learn::rbfFromTensors(model.weights);
        return head;
    }
    head.weight = model.weights.find("graft_head.weight")->second; // loadModel saw to it that they are there
    head.bias = model.weights.find("graft_head.bias")->second;
    return head;
}

network::Graph graphOf(const share::ModelCard& card)
{
    const network::BackboneSpec& spec = network::backbone(network::backboneOfWeights(card.backbone));
    const network::Graph backbone = spec.build({.inputSize = card.preprocess.crop});
    const std::string_view stage = network::stageOf(spec, card.cut);
    const network::Pooling pooling = network::poolingNamed(card.plan.pooling);
    if (answersByKernel(card.plan))
        return network::featuresOf(backbone, stage, pooling);
    return network::classifierOn(backbone, stage, static_cast<int>(card.classes.size()),
                                 network::Auxiliary::Drop, {.pooling = pooling});
}

AnswerNetwork answeringNetwork(const share::Model& model, const std::string& device)
{
    const network::Graph graph = graphOf(model.card);
    if (!answersByKernel(model.card.plan))
        return AnswerNetwork(answering(graph, model.weights, device));
    return AnswerNetwork(answering(graph, network::weightsOf(graph, model.weights), device),
                         learn::rbfFromTensors(model.weights));
}

std::vector<float> selfCheckLogits(AnswerNetwork& network, const PreprocessSpec& spec)
{
    const auto pictures = selfCheckPictures();
    const std::size_t size = static_cast<std::size_t>(spec.crop) * static_cast<std::size_t>(spec.crop) * 3;
    std::vector<std::uint8_t> pixels(size * pictures.size());
    for (std::size_t i = 0; i < pictures.size(); ++i)
        imaging::preprocess(pictures[i], spec, std::span(pixels).subspan(i * size, size));
    return network.run({pixels, static_cast<int>(pictures.size())});
}

} // namespace graft::engine
