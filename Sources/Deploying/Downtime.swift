internal import Model

/// How long a stack does not serve.
struct Downtime {
    /// What it was when the deployment began; `nil` when the stack ran, or nothing was deployed.
    let before: Duration?
    private let began = ContinuousClock.now
    /// When the deployment stopped the first container; `nil` when nothing ran.
    var firstStop: ContinuousClock.Instant?

    init(before: Duration?) { self.before = before }

    /// Until now; `nil` when nothing was down.
    var milliseconds: Int64? {
        let now = ContinuousClock.now
        return (before.map { $0 + (now - began) } ?? firstStop.map { now - $0 })?.wholeMilliseconds
    }
}
