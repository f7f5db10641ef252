#pragma once
#include "core/learn/plan.h"
#include "ui/jobs/race_news.h"

#include <string>
#include <vector>

namespace graft::ui {

/// What the news of one race add up to.
struct RaceState {
    struct Point {
        double seconds = 0.0; ///< of its time that the strategy has used
        double accuracy = 0.0; ///< of validation pictures, 0..1
    };

    /// What is known of one strategy beside how it stands.
    struct Lane {
        /// Over time, the first epoch first; neighbours that no plot can tell apart are one. A strategy
        /// without epochs has one point at its end.
        std::vector<Point> curve;
        double prepared = 0.0; ///< seconds that were over when it began to learn
        bool paused = false; ///< it stands still: a request to pause may be waiting for the batch at hand
    };

    learn::Plan plan; ///< what all have in common
    int minutes = 0; ///< for each
    std::string onTheMap; ///< strategy that Graft recommended before; empty where there was no advice
    engine::Race race;
    std::vector<Lane> lanes; ///< one for each racer, in their order
    int classes = 0; ///< 0 while it is not known
    bool ended = false;

    /// All strategies wait.
    static RaceState begin(const learn::Plan& plan, int minutes);

    void apply(const RaceNews& news);

    int running() const; ///< index of a racer; -1: none
    bool paused() const;

    double budget() const { return 60.0 * minutes; } ///< seconds for each

    double guess() const { return classes > 0 ? 1.0 / classes : 0.0; } ///< share of right answers; 0: unknown

    double share() const; ///< of the whole race that is over, 0..1
    double secondsLeft() const; ///< at most, for all that run or wait
    bool fromZero(int racer) const; ///< its network forgets its weights

    /// Indices of racers: the best validation accuracy first, then what runs without a result, what waits,
    /// and what came to none.
    std::vector<int> ranking() const;

private:
    void apply(const TrainEvent& event, Lane& lane, const engine::Racer& racer);
    void add(Lane& lane, Point point) const;
};

} // namespace graft::ui
