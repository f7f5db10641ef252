#include "core/neural/trainer.h"

#include "core/neural/inside/backward.h"
#include "core/neural/inside/parameter_update.h"
#include "core/neural/inside/tensor_loss.h"
#include "core/neural/inside/tensors.h"
#include "core/neural/inside/trained_part.h"
#include "core/neural/memory.h"

#include <algorithm>
#include <cmath>
#include <optional>

namespace graft::neural {

namespace {

constexpr const char* scaleName = "loss scale"; ///< in TrainerState: the scale and its streak

/// Copies numbers into a tensor that has the same shape in another layout.
void overwrite(const at::Tensor& tensor, const network::Tensor& numbers)
{
    tensor.copy_(view(numbers.values.data(), numbers.shape, at::kFloat));
}

/// The gradient with its numbers in the same places as those of the weight.
at::Tensor laidOutAs(const at::Tensor& weight, const at::Tensor& gradient)
{
    return gradient.strides() == weight.strides() ? gradient : at::empty_like(weight).copy_(gradient);
}

} // namespace

struct Trainer::Impl {
    KeepMemory keepMemory; ///< first: outlives the tensors below
    TrainerOptions options;
    Placement placement;
    TrainedPart part;
    std::optional<Frozen> frozen;
    LoadedGraph graph; ///< the part that learns
    std::vector<std::vector<int>> pieces =
        piecesOf(graph.graph(), part.training.nodes, options.checkpointing);
    TensorLoss loss;
    network::TensorMap untouched; ///< weights that are not loaded for learning, as they came
    std::vector<Learned> learned;
    std::vector<at::Tensor> gradients; ///< in the order of `learned`; empty where nothing was accumulated
    LossScale lossScale;
    std::int64_t updates = 0;
    at::Tensor sums; ///< of losses and of right answers, on the device
    double weightSum = 0.0;
    std::int64_t pictures = 0;

    Impl(network::Graph network, const network::TensorMap& weights, const TrainerOptions& chosen);

    at::ScalarType type() const { return scalarType(options.precision); }

    std::int64_t classes() const { return graph.graph().nodes.back().shape.channels; }

    void listLearned();
    at::Tensor pixels(const Batch& batch) const;
    at::Tensor cachedInput(const Activations& cached) const;
    at::Tensor throughFrozen(const Batch& batch, at::ScalarType type) const;
    at::Tensor onDevice(std::span<const std::int64_t> labels, std::int64_t count) const;
    void accumulate(const at::Tensor& input, std::span<const std::int64_t> labels, const Part& place);
    void add(std::vector<at::Tensor>& fresh);
    at::Tensor evaluate(at::Tensor input) const;
    void overwriteWeights(const network::TensorMap& weights);
    void requireUntouched(const network::TensorMap& weights) const;
};

Trainer::Impl::Impl(network::Graph network, const network::TensorMap& weights, const TrainerOptions& chosen)
    : options(chosen)
    , placement {deviceOf(chosen.device), chosen.channelsLast}
    , part(trainedPartOf(network, chosen))
    , frozen(freeze(network, weights, chosen.trainFrom, placement))
    , graph(std::move(network), weights, part.training.nodes, placement, at::kFloat)
    , loss(chosen.loss, classes(), placement.device)
    , sums(at::zeros({2}, at::TensorOptions(placement.device).dtype(at::kDouble)))
{
    requireUsable(options.precision, placement.device);
    constexpr double usualScale = 65536.0;
    const double scale = options.lossScale > 0.0  ? options.lossScale
        : options.precision == Precision::Float16 ? usualScale
                                                  : 0.0;
    if (scale > 0.0)
        lossScale = LossScale(scale, placement.device);
    untouched = weights;
    for (const auto& parameter : graph.parameters())
        untouched.erase(parameter.name);
    listLearned();
}

void Trainer::Impl::listLearned()
{
    const auto factors = rateFactors(graph.graph(), options.stageRates);
    std::size_t slots = 0;
    withFormula(options.optimizer.optimizer, [&]<class Formula>(Formula) { slots = Formula::slots; });
    for (const auto& parameter : graph.parameters()) {
        if (parameter.role != Role::Weight && parameter.role != Role::Bias)
            continue;
        const bool normalises =
            std::holds_alternative<network::BatchNorm>(graph.graph().nodes[parameter.node].op);
        Learned one {parameter,
                     graph.tensor(parameter),
                     factors[parameter.node],
                     parameter.role == Role::Weight && !normalises,
                     {}};
        named(parameter.name, [&] {
            for (std::size_t slot = 0; slot < slots; ++slot)
                one.slots.push_back(at::zeros_like(one.tensor));
        });
        one.tensor.set_requires_grad(true);
        learned.push_back(std::move(one));
    }
    if (learned.empty())
        throw Error("training", "no layer is left to learn", "Train from an earlier stage.");
}

at::Tensor Trainer::Impl::pixels(const Batch& batch) const
{
    const network::Node& input = graph.graph().nodes[0];
    return named(input.name, [&] { return placement.pixels(batch, input.shape); });
}

at::Tensor Trainer::Impl::cachedInput(const Activations& cached) const
{
    if (!frozen)
        throw Error("batch", "only a network with a frozen part can go on from activations",
                    "Give it pictures.");
    const network::Node& source = graph.graph().nodes[part.source];
    return named(source.name, [&] {
        return placement.activations(cached.values, cached.count, graph.graph(), part.source);
    });
}

at::Tensor Trainer::Impl::throughFrozen(const Batch& batch, at::ScalarType precision) const
{
    const c10::NoGradGuard evaluation;
    at::Tensor input = pixels(batch);
    return frozen ? frozen->graph.forward(frozen->route, 0, std::move(input), frozen->wanted, precision)
                  : input;
}

at::Tensor Trainer::Impl::onDevice(std::span<const std::int64_t> labels, std::int64_t count) const
{
    if (std::ssize(labels) != count)
        throw Error("training step", "needs one label for each picture", "Check the call.");
    requireLabels(labels, classes());
    return named("training step", [&] {
        const at::Tensor here = view(labels.data(), {count}, at::kLong);
        return placement.device.is_cuda() ? here.pin_memory().to(placement.device, /*non_blocking=*/true)
                                          : here;
    });
}

void Trainer::Impl::accumulate(const at::Tensor& input, std::span<const std::int64_t> labels,
                               const Part& place)
{
    const at::Tensor truth = onDevice(labels, input.size(0));
    const double weight = weightOf(labels, options.loss);
    at::Tensor fresh; // sums of this part
    const auto slopesAt = [&](const std::vector<at::Tensor>& results) {
        std::vector<at::Tensor> slopes;
        for (std::size_t i = 0; i < results.size(); ++i) {
            const at::Tensor logits = results[i].to(at::kFloat);
            const auto value = loss.of(logits, truth);
            const bool isMain = i == 0;
            at::Tensor slope =
                value.slope * (place.share / weight * (isMain ? 1.0 : options.auxiliaryWeight));
            if (lossScale.scale.defined())
                slope.mul_(lossScale.scale);
            slopes.push_back(slope.to(results[i].scalar_type()));
            if (isMain)
                fresh = at::stack({value.sum, logits.argmax(1).eq(truth).sum().to(at::kDouble)});
        }
        return slopes;
    };
    std::vector<network::Parameter> parameters;
    for (const Learned& one : learned)
        parameters.push_back(one.parameter);
    std::vector<Measured> measured;
    const Learning learning {options.batchStatistics, &measured, options.dropout, place.seed, place.first};
    const Differentiable what {graph, part.training, part.source, part.wanted, type(), pieces, parameters};
    auto more = gradientsOf(what, input, learning, slopesAt);

    const c10::NoGradGuard update;
    named("backward pass", [&] { add(more); });
    named("training step", [&] {
        for (const Measured& statistic : measured)
            statistic.kept.copy_(statistic.next);
        sums.add_(fresh);
    });
    weightSum += weight;
    pictures += input.size(0);
}

/// What may lack memory comes first, so that a failure changes nothing.
void Trainer::Impl::add(std::vector<at::Tensor>& fresh)
{
    for (std::size_t i = 0; i < fresh.size(); ++i) {
        if (fresh[i].defined())
            fresh[i] = laidOutAs(learned[i].tensor, fresh[i]);
    }
    if (gradients.empty()) {
        gradients = std::move(fresh);
        return;
    }
    for (std::size_t i = 0; i < fresh.size(); ++i) {
        if (fresh[i].defined())
            gradients[i].add_(fresh[i]);
    }
}

at::Tensor Trainer::Impl::evaluate(at::Tensor input) const
{
    const c10::NoGradGuard evaluation;
    return named("network", [&] {
        return graph.forward(part.evaluation, part.source, std::move(input), part.last, at::kFloat);
    });
}

void Trainer::Impl::requireUntouched(const network::TensorMap& weights) const
{
    network::requireMatch(graph.graph(), weights);
    for (const auto& [name, tensor] : untouched) {
        if (weights.at(name).values != tensor.values)
            throw Error(name, "this weight is frozen and cannot change", "Begin the training again.");
    }
}

void Trainer::Impl::overwriteWeights(const network::TensorMap& weights)
{
    const c10::NoGradGuard update;
    for (const auto& parameter : graph.parameters())
        overwrite(graph.tensor(parameter), weights.at(parameter.name));
}

Trainer::Trainer(network::Graph graph, const network::TensorMap& weights, const TrainerOptions& options)
{
    network::requireMatch(graph, weights);
    m_impl = std::make_unique<Impl>(std::move(graph), weights, options);
}

Trainer::~Trainer() = default;
Trainer::Trainer(Trainer&&) noexcept = default;
Trainer& Trainer::operator=(Trainer&&) noexcept = default;

void Trainer::accumulate(const Batch& batch, std::span<const std::int64_t> labels, const Part& part)
{
    m_impl->accumulate(m_impl->throughFrozen(batch, m_impl->type()), labels, part);
}

void Trainer::accumulate(const Activations& cached, std::span<const std::int64_t> labels, const Part& part)
{
    m_impl->accumulate(m_impl->cachedInput(cached), labels, part);
}

void Trainer::update(double learningRate)
{
    Impl& trainer = *m_impl;
    if (trainer.gradients.empty())
        throw Error("training step", "there is no gradient yet", "Accumulate one first.");
    const c10::NoGradGuard update;
    named("training step", [&] {
        const at::Tensor skip =
            prepareGradients(trainer.gradients, trainer.options.clipNorm, trainer.lossScale);
        const OptimizerOptions& optimizer = trainer.options.optimizer;
        const auto count = static_cast<double>(++trainer.updates);
        for (std::size_t i = 0; i < trainer.learned.size(); ++i) {
            Learned& one = trainer.learned[i];
            if (!trainer.gradients[i].defined())
                continue;
            const double rate = learningRate * one.rateFactor;
            const double decay = one.decays ? optimizer.weightDecay : 0.0;
            changeTensor(optimizer.optimizer, one.tensor, trainer.gradients[i], one.slots,
                         {optimizer, rate, decay, count}, {optimizer, rate, decay, count}, skip);
        }
        if (skip.defined())
            trainer.lossScale.adapt(skip);
    });
    trainer.gradients.clear();
}

void Trainer::discardGradients()
{
    m_impl->gradients.clear();
}

network::TensorMap Trainer::gradients() const
{
    network::TensorMap map;
    for (std::size_t i = 0; i < m_impl->gradients.size(); ++i) {
        const at::Tensor& gradient = m_impl->gradients[i];
        if (!gradient.defined())
            continue;
        const bool scaled = m_impl->lossScale.scale.defined();
        copyOut(m_impl->learned[i].parameter, scaled ? gradient / m_impl->lossScale.scale : gradient, map);
    }
    return map;
}

TrainingScore Trainer::score() const
{
    const at::Tensor sums = named("training step", [&] { return m_impl->sums.cpu(); });
    const auto* const sum = sums.data_ptr<double>();
    TrainingScore score {.loss = 0.0, .accuracy = 0.0, .pictures = m_impl->pictures, .finite = true};
    if (score.pictures > 0) {
        score.loss = sum[0] / m_impl->weightSum;
        score.accuracy = sum[1] / static_cast<double>(score.pictures);
        score.finite = std::isfinite(score.loss);
    }
    return score;
}

void Trainer::resetScore()
{
    m_impl->sums.zero_();
    m_impl->weightSum = 0.0;
    m_impl->pictures = 0;
}

struct Evaluation::Held {
    at::Tensor logits;
};

Evaluation::Evaluation(std::shared_ptr<const Held> held)
    : m_held(std::move(held))
{
}

std::vector<float> Evaluation::logits() const
{
    return named("network", [&] { return numbers(m_held->logits); });
}

std::vector<float> Trainer::evaluate(const Batch& batch)
{
    return beginEvaluation(batch).logits();
}

std::vector<float> Trainer::evaluate(const Activations& cached)
{
    const at::Tensor logits = m_impl->evaluate(m_impl->cachedInput(cached));
    return named("network", [&] { return numbers(logits); });
}

Evaluation Trainer::beginEvaluation(const Batch& batch)
{
    const at::Tensor logits = m_impl->evaluate(m_impl->throughFrozen(batch, at::kFloat));
    return Evaluation(std::make_shared<const Evaluation::Held>(logits));
}

network::TensorMap Trainer::weights() const
{
    network::TensorMap map = m_impl->untouched;
    for (const auto& parameter : m_impl->graph.parameters())
        copyOut(parameter, m_impl->graph.tensor(parameter), map);
    return map;
}

void Trainer::setWeights(const network::TensorMap& weights)
{
    m_impl->requireUntouched(weights);
    m_impl->overwriteWeights(weights);
}

TrainerState Trainer::state() const
{
    TrainerState state {weights(), {}, m_impl->updates};
    for (const Learned& one : m_impl->learned) {
        for (std::size_t slot = 0; slot < one.slots.size(); ++slot)
            state.optimizer.emplace(one.slotName(slot),
                                    network::Tensor {one.parameter.shape, numbers(one.slots[slot])});
    }
    if (const LossScale& scale = m_impl->lossScale; scale.scale.defined())
        state.optimizer.emplace(scaleName,
                                network::Tensor {{2}, numbers(at::stack({scale.scale, scale.streak}))});
    return state;
}

void Trainer::restore(const TrainerState& state)
{
    Impl& trainer = *m_impl;
    trainer.requireUntouched(state.weights);
    const auto find = [&](const std::string& name, const std::vector<std::int64_t>& shape) -> const auto&
    {
        const auto found = state.optimizer.find(name);
        if (found == state.optimizer.end() || found->second.shape != shape)
            throw Error(name, "what the optimizer remembers does not fit this training",
                        "Begin the training again.");
        return found->second;
    };
    std::vector<std::pair<at::Tensor, const network::Tensor*>> copies;
    for (const Learned& one : trainer.learned) {
        for (std::size_t slot = 0; slot < one.slots.size(); ++slot)
            copies.emplace_back(one.slots[slot], &find(one.slotName(slot), one.parameter.shape));
    }
    LossScale& scale = trainer.lossScale;
    if (scale.scale.defined()) {
        const at::Tensor both = view(find(scaleName, {2}).values.data(), {2}, at::kFloat);
        scale.scale.copy_(both[0]);
        scale.streak.copy_(both[1]);
    }
    const c10::NoGradGuard update;
    for (const auto& [slot, source] : copies)
        overwrite(slot, *source);
    trainer.overwriteWeights(state.weights);
    trainer.updates = state.updates;
    trainer.gradients.clear();
}

} // namespace graft::neural
