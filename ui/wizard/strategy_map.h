#pragma once
#include <QPointF>
#include <QWidget>

#include <optional>
#include <string>
#include <vector>

class QButtonGroup;
class QGridLayout;

namespace graft::ui {

class Quadrant;

/// The map "how many pictures" x "how similar to ImageNet": four strategies, one of which is chosen, and the
/// place of the project's pictures with its error. GUI thread.
class StrategyMap : public QWidget
{
    Q_OBJECT
public:
    explicit StrategyMap(QWidget* parent = nullptr);

    std::string chosen() const;
    void choose(const std::string& strategy); ///< says nothing

    void setRecommended(const std::string& strategy); ///< may be empty
    void setFromZero(bool fromZero); ///< how strategy 4 is drawn
    void setCutNote(const QString& note); ///< of strategy 3

    /// Where the pictures lie, as learn::Advice has it; none: not known.
    struct Place {
        double similar = 0.0;
        double similarError = 0.0;
        double many = 0.0;
        double manyError = 0.0;
    };

    void setPlace(const std::optional<Place>& place);
    QPointF at(double similar, double many) const; ///< where on the map such pictures lie

    QWidget* firstFocus() const; ///< the chosen strategy's button

signals:
    void chosenByHand(const std::string& strategy);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    class Overlay;

    void addAxes(QGridLayout* grid);
    void showChosen();

    std::vector<Quadrant*> m_quadrants; ///< in the order of strategyPlaces
    QButtonGroup* m_group;
    QWidget* m_field; ///< the four quadrants
    Overlay* m_overlay;
};

} // namespace graft::ui
