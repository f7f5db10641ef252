#include "core/augment/pipeline.h"

#include "core/base/parallel.h"
#include "core/base/preprocess_spec.h"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <limits>
#include <mutex>
#include <optional>
#include <utility>

namespace graft::augment {

namespace {

/// What one thread needs for one picture, kept for the next.
struct Workspace {
    std::vector<DrawnStep> steps;
    std::vector<std::size_t> chosen; ///< positions, while they are drawn
    std::vector<double> settings;
    Mapping mapping;
    Scratch scratch;
};

/// Takes steps one after another and does as few passes over the pixels as it can.
class Painter
{
public:
    Painter(const ConstPixels& source, const Border& border, const Pixels& out, Workspace& work)
        : m_source(source)
        , m_border(border)
        , m_out(out)
        , m_work(work)
    {
        m_work.mapping.clear();
        const double unit = out.shorterSide();
        m_frame = {out.width / unit, out.height / unit};
    }

    void add(const OpSpec& op, const Drawn& drawn)
    {
        std::visit([&](auto effect) { this->take(effect, drawn); }, op.effect);
    }

    void finish()
    {
        finishGeometry();
        finishColour();
        bringOut();
    }

private:
    void take(Place place, const Drawn& drawn)
    {
        finishColour();
        place(drawn, m_frame, m_work.mapping);
        m_hasGeometry = true;
    }

    void take(Tabulate tabulate, const Drawn& drawn)
    {
        finishGeometry();
        finishMix();
        Tables next = Tables::identity();
        tabulate(drawn, Statistics(m_seen, m_tables ? &*m_tables : nullptr), next);
        if (m_tables)
            m_tables->then(next);
        else
            m_tables = next;
    }

    void take(Mix mix, const Drawn& drawn)
    {
        finishGeometry();
        finishTables();
        if (m_mix && !m_mix->keepsRange())
            finishMix();
        m_mix = m_mix ? mix(drawn) * *m_mix : mix(drawn);
    }

    void take(Change change, const Drawn& drawn)
    {
        finishGeometry();
        finishColour();
        bringOut();
        change(drawn, m_out, m_work.scratch);
        m_work.scratch.reset();
    }

    void finishGeometry()
    {
        if (!m_hasGeometry)
            return;
        m_hasGeometry = false;
        if (m_seen.data == m_out.data) {
            const auto before = m_work.scratch.take<std::uint8_t>(m_out.bytes());
            std::memcpy(before.data(), m_out.data, before.size());
            warp({before.data(), m_out.width, m_out.height}, m_work.mapping, m_border, m_out, m_work.scratch);
        } else if (const auto crop = centreCrop(); m_work.mapping.isEmpty() && crop) {
            m_seen = *crop; // the next pass takes it from there
            return;
        } else {
            warp(m_source, m_work.mapping, m_border, m_out, m_work.scratch);
        }
        m_seen = m_out;
        m_work.mapping.clear();
        m_work.scratch.reset();
    }

    void finishTables()
    {
        if (m_tables)
            pass(*m_tables);
        m_tables.reset();
    }

    void finishMix()
    {
        if (m_mix)
            pass(*m_mix);
        m_mix.reset();
    }

    /// At most one of the two is waiting.
    void finishColour()
    {
        finishTables();
        finishMix();
    }

    template <typename Colour>
    void pass(const Colour& colour)
    {
        augment::apply(colour, m_seen, m_out);
        m_seen = m_out;
    }

    void bringOut()
    {
        if (m_seen.data == m_out.data)
            return;
        for (int y = 0; y < m_out.height; ++y)
            std::memcpy(m_out.row(y), m_seen.row(y), m_out.stride());
        m_seen = m_out;
    }

    std::optional<ConstPixels> centreCrop() const
    {
        if (m_source.width < m_out.width || m_source.height < m_out.height)
            return {};
        return m_source.part(cropOffset(m_source.width, m_out.width),
                             cropOffset(m_source.height, m_out.height), m_out.width, m_out.height);
    }

    ConstPixels m_source;
    const Border& m_border;
    Pixels m_out;
    Workspace& m_work;
    Frame m_frame;
    bool m_hasGeometry = true; ///< waiting; cutting out the middle is the first
    ConstPixels m_seen; ///< the picture as it is but for what is waiting: a part of the source, or `out`
    std::optional<Tables> m_tables; ///< waiting
    std::optional<ChannelMix> m_mix; ///< waiting
};

void paint(const Image& source, std::span<const DrawnStep> steps, const Border& border, Size size,
           std::span<std::uint8_t> out, Workspace& work)
{
    const Pixels pixels {out.data(), size.width, size.height};
    assert(source.width > 0 && source.height > 0 && pixels.bytes() == out.size());
    Painter painter({source.rgb.data(), source.width, source.height}, border, pixels, work);
    for (const DrawnStep& step : steps)
        painter.add(*step.op, step.drawn);
    painter.finish();
}

/// Draws that belong to no step have a position that no step has.
constexpr std::uint32_t choicePosition = std::numeric_limits<std::uint32_t>::max();

} // namespace

void applySteps(const Image& source, std::span<const DrawnStep> steps, const Border& border, Size size,
                std::span<std::uint8_t> out)
{
    Workspace work;
    paint(source, steps, border, size, out, work);
}

struct Pipeline::State {
    Recipe recipe;
    Size size;
    std::vector<std::size_t> enabled; ///< positions
    std::vector<const OpSpec*> ops; ///< by position

    std::mutex mutex;
    std::vector<std::unique_ptr<Workspace>> idle;

    /// With room for every draw.
    std::unique_ptr<Workspace> newWorkspace() const
    {
        auto work = std::make_unique<Workspace>();
        work->steps.reserve(recipe.steps.size());
        work->chosen.reserve(recipe.steps.size());
        work->mapping.reserve(recipe.steps.size());
        for (const Step& step : recipe.steps)
            work->settings.reserve(step.settings.size());
        return work;
    }

    std::unique_ptr<Workspace> borrow()
    {
        const std::scoped_lock lock(mutex);
        if (idle.empty())
            return newWorkspace();
        auto work = std::move(idle.back());
        idle.pop_back();
        return work;
    }

    void giveBack(std::unique_ptr<Workspace> work)
    {
        const std::scoped_lock lock(mutex);
        idle.push_back(std::move(work));
    }

    /// The steps that take part for this picture, in the recipe's order, into work.chosen.
    void choose(const DrawKey& key, Workspace& work) const
    {
        work.chosen = enabled;
        const auto count = static_cast<std::size_t>(recipe.choice.count);
        if (count == 0 || count >= enabled.size())
            return;
        DrawKey own = key;
        own.op = choicePosition;
        Draws draws(own);
        for (std::size_t i = 0; i < count; ++i) {
            const double left = static_cast<double>(work.chosen.size() - i);
            std::swap(work.chosen[i], work.chosen[i + static_cast<std::size_t>(draws.uniform(0.0, left))]);
        }
        work.chosen.resize(count);
        std::ranges::sort(work.chosen);
    }

    /// The settings of a step at the recipe's strength, into work.settings.
    void soften(std::size_t position, Workspace& work) const
    {
        work.settings = recipe.steps[position].settings;
        if (recipe.choice.count == 0 || recipe.choice.strength == 1.0)
            return;
        for (std::size_t i = 0; i < work.settings.size(); ++i) {
            const ParamSpec& parameter = ops[position]->parameters[i];
            if (std::isnan(parameter.identity))
                continue;
            double& value = work.settings[i];
            value = parameter.identity + (value - parameter.identity) * recipe.choice.strength;
            if (parameter.step > 0.0)
                value = parameter.low + std::round((value - parameter.low) / parameter.step) * parameter.step;
        }
    }

    void draw(const DrawKey& key, Workspace& work) const
    {
        work.steps.clear();
        choose(key, work);
        for (const std::size_t position : work.chosen) {
            DrawKey own = key;
            own.op = static_cast<std::uint32_t>(position);
            Draws draws(own);
            if (draws.uniform() >= recipe.steps[position].probability)
                continue;
            soften(position, work);
            work.steps.push_back({position, ops[position], ops[position]->draw(work.settings, draws)});
        }
    }
};

Pipeline::Pipeline(Recipe recipe, Size size)
    : m_state(std::make_unique<State>())
{
    assert(size.width > 0 && size.height > 0);
    requireValid(recipe);
    for (std::size_t i = 0; i < recipe.steps.size(); ++i) {
        m_state->ops.push_back(findOp(recipe.steps[i].op));
        if (recipe.steps[i].enabled)
            m_state->enabled.push_back(i);
    }
    m_state->recipe = std::move(recipe);
    m_state->size = size;
}

Pipeline::Pipeline(Pipeline&&) noexcept = default;
Pipeline& Pipeline::operator=(Pipeline&&) noexcept = default;
Pipeline::~Pipeline() = default;

const Recipe& Pipeline::recipe() const
{
    return m_state->recipe;
}

Size Pipeline::size() const
{
    return m_state->size;
}

std::vector<DrawnStep> Pipeline::draw(const DrawKey& key) const
{
    Workspace work;
    m_state->draw(key, work);
    return std::move(work.steps);
}

void Pipeline::apply(const Image& source, const DrawKey& key, std::span<std::uint8_t> out) const
{
    auto work = m_state->borrow();
    m_state->draw(key, *work);
    paint(source, work->steps, m_state->recipe.border, m_state->size, out, *work);
    m_state->giveBack(std::move(work));
}

Image Pipeline::apply(const Image& source, const DrawKey& key) const
{
    Image out {size().width, size().height, {}};
    out.rgb.resize(static_cast<std::size_t>(out.width) * static_cast<std::size_t>(out.height) * channels);
    apply(source, key, out.rgb);
    return out;
}

void applyAll(const Pipeline& pipeline, std::span<const Task> tasks, int threads, std::stop_token stop)
{
    parallelFor(tasks.size(), threads, stop,
                [&](std::size_t i) { pipeline.apply(*tasks[i].source, tasks[i].key, tasks[i].out); });
}

} // namespace graft::augment
