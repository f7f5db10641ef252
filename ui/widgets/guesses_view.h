#pragma once
#include "core/base/train_event.h"

#include <QFrame>
#include <QIcon>

#include <filesystem>
#include <vector>

class QHBoxLayout;
class QLabel;

namespace graft::ui {

class ThumbnailLoader;

/// One picture and what the network thinks it is.
class GuessTile : public QWidget
{
    Q_OBJECT
public:
    GuessTile(ThumbnailLoader* loader, QWidget* parent = nullptr);

    /// `predicted` and `truth` are class names.
    void setGuess(const std::filesystem::path& picture, const QString& predicted, const QString& truth,
                  double probability);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    ThumbnailLoader* m_loader;
    std::filesystem::path m_picture;
    QString m_predicted;
    QString m_truth;
    double m_probability = 0.0;
    QIcon m_right;
    QIcon m_wrong;
    QIcon m_broken;
};

/// A card with the guesses on a few validation pictures, new after each epoch.
class GuessesView : public QFrame
{
    Q_OBJECT
public:
    explicit GuessesView(QWidget* parent = nullptr);

    void setGuesses(const Guesses& guesses, const std::vector<std::string>& classes);

private:
    ThumbnailLoader* m_loader;
    QHBoxLayout* m_row;
    QLabel* m_none;
    std::vector<GuessTile*> m_tiles;
};

} // namespace graft::ui
