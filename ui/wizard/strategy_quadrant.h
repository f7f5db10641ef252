#pragma once
#include <QFrame>

#include <string>

class QLabel;
class QRadioButton;

namespace graft::ui {

/// One strategy on the map: number, title, drawing. A click anywhere chooses it.
class Quadrant : public QFrame
{
    Q_OBJECT
public:
    explicit Quadrant(const char* strategy, QWidget* parent = nullptr);

    const std::string& strategy() const { return m_strategy; }

    QRadioButton* button() const { return m_button; }

    void setRecommended(bool recommended);
    void setFromZero(bool fromZero); ///< of scratch
    void setNote(const QString& note); ///< below the title: "after layer 5 of 8"

    QRect room() const; ///< in its own coordinates: what is free between the words and the drawing

protected:
    void mousePressEvent(QMouseEvent* event) override;

private:
    void describe();

    std::string m_strategy;
    QRadioButton* m_button;
    QLabel* m_chip;
    QLabel* m_title;
    QLabel* m_note;
    QWidget* m_drawing;
};

} // namespace graft::ui
