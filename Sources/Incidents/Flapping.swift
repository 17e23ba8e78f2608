public import Planning

/// How much of an incident that comes and goes people hear.
public struct Flapping: Hashable {
    /// Openings in one period that are mailed; the end of the last one is not, so that nobody takes it for the end.
    static let limit = 3
    /// Where the plan has no `remindAfter`: a day, as its default.
    static let standardPeriod = PlanDuration.seconds(86_400)

    /// In which `limit` openings of an incident are told.
    public static func period(_ plan: ResolvedPlan) -> PlanDuration {
        plan.maintenance?.healthcheck?.remindAfter ?? standardPeriod
    }

    /// Of the same incident, within the last `period`.
    let mailedOpenings: Int
    let period: PlanDuration

    var mailsOpening: Bool { mailedOpenings < Self.limit }
    /// Whether the next mail is the last one.
    var isLastOpening: Bool { mailedOpenings == Self.limit - 1 }
    /// With its own opening among the mailed ones.
    var mailsClosing: Bool { mailedOpenings < Self.limit }

    /// For that last mail.
    var notice: String { "; it comes and goes, and is not mailed again for \(period): see 'fairlead incidents'" }
}
