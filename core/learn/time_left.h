#pragma once

namespace graft::learn {

/// Estimates how long a training still takes, from how long everything took so far. It is told the seconds,
/// of work and not of pauses, and looks at no clock. What is recent counts more: each epoch twice as much as
/// the one before it. An early stop is not foreseen, so that the answer is the most that it can be.
class TimeLeft
{
public:
    /// What there is to do, in pictures.
    struct Work {
        double learned = 0.0; ///< in each epoch
        double measured = 0.0; ///< after each epoch
        double finally = 0.0; ///< measured when learning is over
    };

    explicit TimeLeft(const Work& work);

    /// Of the epoch that runs, so far.
    void learned(double pictures, double seconds);

    /// The epoch that ran is over: learning took `seconds`, all that came after it `after`.
    void epochEnded(double pictures, double seconds, double after);

    bool isKnown() const; ///< something was learned from

    /// Until `epochs` have ended, with the one that runs, and what comes finally is done. Requires isKnown().
    double seconds(double epochs) const;

    /// Where `budget` seconds from now the epoch that then runs is broken off, and measured. Requires
    /// isKnown().
    double secondsWithin(double budget) const;

private:
    double perPicture() const;
    double after() const; ///< what follows the learning of an epoch
    double perEpoch() const;
    double finally() const;

    Work m_work;
    double m_pictures = 0.0; ///< of the epochs before, weighted, as the next ones
    double m_seconds = 0.0;
    double m_epochs = 0.0;
    double m_after = 0.0;
    double m_nowPictures = 0.0; ///< of the epoch that runs
    double m_nowSeconds = 0.0;
};

} // namespace graft::learn
