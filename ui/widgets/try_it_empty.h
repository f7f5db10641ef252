#pragma once
#include <QStackedWidget>

class QPushButton;

namespace graft::ui {

class DropArea;

/// What Try it says before there is an answer: what is missing, or where to drop pictures.
class TryItEmpty : public QStackedWidget
{
    Q_OBJECT
public:
    enum Kind { TrainFirst, NoWeights, DropHere };

    explicit TryItEmpty(QWidget* parent = nullptr);

    void display(Kind kind);
    void
    setImagenet(bool on); ///< whether a network answers as it came, so that no picture is one it learned from
    void setTrainable(bool on); ///< whether there are pictures to train with
    void setAsking(bool asking, int done, int total); ///< pictures

signals:
    void newTraining();
    void askImagenet();
    void showWeights();
    void choosePictures();
    void paste();
    void dropped(const QStringList& paths);
    void stopRequested();

private:
    QWidget* makeTrainFirst();
    QWidget* makeNoWeights();
    QWidget* makeDropHere();

    QPushButton* m_train;
    DropArea* m_drop;
};

} // namespace graft::ui
