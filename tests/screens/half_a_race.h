#pragma once
#include "ui/jobs/race_news.h"

#include <QList>

#include <string>
#include <utility>
#include <vector>

namespace graft::test {

/// A race of five minutes each as it is after 13 minutes: two strategies are done, the third runs.
inline QList<ui::RaceNews> halfARace(const std::vector<std::string>& classes)
{
    using State = engine::Racer::State;
    engine::Race race;
    for (const char* id : {"linear", "finetune", "svm", "scratch"})
        race.racers.emplace_back().strategy = id;
    QList<ui::RaceNews> news {ui::MapAdvice {"linear"}, race};
    const auto run = [&](int index, State state, double seconds, learn::Answers best,
                         const std::vector<std::pair<double, double>>& curve) {
        TrainStarted started;
        started.run = "run-" + std::to_string(index + 3);
        started.classes = classes;
        news += ui::RacerEvent {index, started};
        for (const auto& [minutes, accuracy] : curve) {
            EpochDone epoch;
            epoch.seconds = 60.0 * minutes;
            epoch.validationAccuracy = accuracy;
            news += ui::RacerEvent {index, epoch};
        }
        engine::Racer& racer = race.racers[static_cast<std::size_t>(index)];
        racer.run = started.run;
        racer.state = state;
        racer.seconds = seconds;
        racer.validation = best;
        news += race;
    };
    run(0, State::Done, 300.0, {70, 74},
        {{0.2, 0.86}, {0.66, 0.91}, {1.33, 0.93}, {2.33, 0.945}, {3.33, 0.95}, {5.0, 0.95}});
    run(1, State::Done, 300.0, {68, 74},
        {{0.75, 0.55}, {1.5, 0.72}, {2.25, 0.81}, {3.0, 0.865}, {3.75, 0.9}, {4.5, 0.92}, {5.0, 0.925}});
    run(2, State::Running, 190.0, {64, 74}, {{0.5, 0.78}, {1.16, 0.84}, {2.0, 0.86}, {3.16, 0.865}});
    return news;
}

/// And as it ends.
inline engine::Race overRace(const QList<ui::RaceNews>& half, bool clear)
{
    using State = engine::Racer::State;
    auto race = std::get<engine::Race>(half.last());
    race.racers[2].state = State::Done;
    race.racers[2].seconds = 231.0;
    race.racers[3].state = clear ? State::Skipped : State::Failed;
    race.racers[3].seconds = clear ? 80.0 : 12.0;
    race.racers[3].validation = clear ? learn::Answers {31, 74} : learn::Answers {};
    race.racers[3].problem =
        clear ? "" : "Training: there is not enough memory. Close other programs and start it again.";
    race.racers[0].test = {57, 60};
    race.racers[1].test = {54, 60};
    race.racers[2].test = {51, 60};
    race.winner = clear ? 0 : -1;
    race.recommended = 0;
    race.sentence = clear
        ? "Train only the classifier won: 57 of 60 test pictures right, 95 %."
        : "No clear winner: the strategies cannot be told apart on 60 test pictures. Take the cheapest, "
          "the linear classifier.";
    return race;
}

} // namespace graft::test
