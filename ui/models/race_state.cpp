#include "ui/models/race_state.h"

#include "core/learn/strategy.h"

#include <algorithm>
#include <numeric>

namespace graft::ui {

namespace {

using engine::Racer;

constexpr int PointsOfACurve = 500; // at most: an epoch on kept features may take a millisecond

bool isOver(const Racer& racer)
{
    return racer.state != Racer::State::Waiting && racer.state != Racer::State::Running;
}

/// Of those without a result.
int order(const Racer& racer)
{
    switch (racer.state) {
    case Racer::State::Running:
        return 0;
    case Racer::State::Done:
    case Racer::State::Waiting:
        return 1;
    case Racer::State::Skipped:
        return 2;
    case Racer::State::Failed:
        return 3;
    }
    return 3;
}

} // namespace

RaceState RaceState::begin(const learn::Plan& plan, int minutes)
{
    RaceState state;
    state.plan = plan;
    state.minutes = minutes;
    for (const learn::StrategySpec& strategy : learn::strategies()) {
        Racer racer;
        racer.strategy = strategy.id;
        state.race.racers.push_back(racer);
    }
    state.lanes.resize(state.race.racers.size());
    return state;
}

void RaceState::apply(const RaceNews& news)
{
    if (const auto* advice = std::get_if<MapAdvice>(&news)) {
        onTheMap = advice->strategy;
        return;
    }
    if (const auto* now = std::get_if<engine::Race>(&news)) {
        race = *now;
        lanes.resize(race.racers.size());
        for (std::size_t i = 0; i < lanes.size(); ++i) {
            // Choosing where to cut is part of its time, and no event says how long that took.
            if (isOver(race.racers[i]) && lanes[i].curve.size() == 1)
                lanes[i].curve.front().seconds = race.racers[i].seconds;
        }
        return;
    }
    const auto& said = std::get<RacerEvent>(news);
    const auto racer = static_cast<std::size_t>(said.racer);
    if (racer < lanes.size())
        apply(said.event, lanes[racer], race.racers[racer]);
}

void RaceState::apply(const TrainEvent& event, Lane& lane, const Racer& racer)
{
    if (const auto* started = std::get_if<TrainStarted>(&event)) {
        classes = static_cast<int>(started->classes.size());
    } else if (std::holds_alternative<TrainPreparing>(event)) {
        lane.prepared = racer.seconds;
    } else if (const auto* epoch = std::get_if<EpochDone>(&event)) {
        if (lane.curve.empty())
            lane.prepared = std::max(lane.prepared, racer.seconds - epoch->seconds);
        add(lane, {lane.prepared + epoch->seconds, epoch->validationAccuracy});
    } else if (std::holds_alternative<TrainPaused>(event)) {
        lane.paused = true;
    } else if (std::holds_alternative<TrainContinued>(event) || std::holds_alternative<TrainEnded>(event)) {
        lane.paused = false;
    }
}

void RaceState::add(Lane& lane, Point point) const
{
    const std::size_t count = lane.curve.size();
    const double apart = budget() / PointsOfACurve;
    if (count >= 2 && point.seconds - lane.curve[count - 2].seconds < apart)
        lane.curve.back() = point;
    else
        lane.curve.push_back(point);
}

int RaceState::running() const
{
    const auto found = std::ranges::find(race.racers, Racer::State::Running, &Racer::state);
    return found == race.racers.end() ? -1 : static_cast<int>(found - race.racers.begin());
}

bool RaceState::paused() const
{
    return std::ranges::any_of(lanes, &Lane::paused);
}

double RaceState::share() const
{
    if (ended)
        return 1.0;
    double used = 0.0; // of the time of all
    for (const Racer& racer : race.racers)
        used += isOver(racer) ? budget() : std::min(racer.seconds, budget());
    const double all = budget() * static_cast<double>(race.racers.size());
    return all > 0.0 ? used / all : 0.0;
}

double RaceState::secondsLeft() const
{
    return (1.0 - share()) * budget() * static_cast<double>(race.racers.size());
}

bool RaceState::fromZero(int racer) const
{
    return race.racers[static_cast<std::size_t>(racer)].strategy == "scratch" && plan.init == "random";
}

std::vector<int> RaceState::ranking() const
{
    std::vector<int> indices(race.racers.size());
    std::iota(indices.begin(), indices.end(), 0);
    std::ranges::stable_sort(indices, [this](int left, int right) {
        const Racer& a = race.racers[static_cast<std::size_t>(left)];
        const Racer& b = race.racers[static_cast<std::size_t>(right)];
        if ((a.validation.total > 0) != (b.validation.total > 0))
            return a.validation.total > 0;
        return a.validation.total > 0 ? a.validation.accuracy() > b.validation.accuracy()
                                      : order(a) < order(b);
    });
    return indices;
}

} // namespace graft::ui
