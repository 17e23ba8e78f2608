public import Model

/// How much of an incident that comes and goes people hear.
public struct Flapping: Hashable {
    /// Openings in one period that people are notified of; of the end of the last one they are not, so that nobody
    /// takes it for the end.
    static let limit = 3
    /// Where the plan has no `remindAfter`: a day, as its default.
    static let standardPeriod = PlanDuration.seconds(86_400)

    /// In which `limit` openings of an incident are told.
    public static func period(_ plan: ResolvedPlan) -> PlanDuration {
        plan.maintenance?.healthcheck?.remindAfter ?? standardPeriod
    }

    /// Of the same incident, within the last `period`.
    let notifiedOpenings: Int
    let period: PlanDuration

    var notifiesOpening: Bool { notifiedOpenings < Self.limit }
    /// Whether the next notification is the last one.
    var isLastOpening: Bool { notifiedOpenings == Self.limit - 1 }
    /// With its own opening among them.
    var notifiesClosing: Bool { notifiedOpenings < Self.limit }

    /// For that last notification.
    var notice: String { "; it comes and goes, and is not mailed again for \(period): see 'fairlead incidents'" }
}
