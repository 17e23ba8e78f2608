internal import FoundationEssentials
internal import Glibc
internal import Model

/// The child's side of progress: tells the parent and whoever reads the mirror's lock file.
///
/// Without news for longer than the parent's patience the child ends itself, should the parent be gone.
final class ProgressReport {
    private var progress = FetchProgress()
    private var told: (phase: FetchProgress.Phase, at: ContinuousClock.Instant)?
    private let patience: UInt32
    private let end: ContinuousClock.Instant
    private let began = Timestamp(milliseconds: Int64(time(nil)) * 1000)
    private let tell: (FetchProgress) -> Bool
    /// Of the mirror's lock, while it is held.
    var lock: Int32?

    /// In seconds; `tell` returns whether the parent is still there.
    init(patience: UInt32, whole: UInt32, tell: @escaping (FetchProgress) -> Bool) {
        self.patience = patience
        self.tell = tell
        end = .now + .seconds(Int64(whole))
        rearm()
    }

    func enter(_ phase: FetchProgress.Phase) { update { $0.enter(phase) } }

    /// Something came. Returns whether there is anybody who wants more.
    @discardableResult
    func update(_ change: (inout FetchProgress) -> Void) -> Bool {
        change(&progress)
        let now = ContinuousClock.now
        if let told, told.phase == progress.phase, now - told.at < .milliseconds(200) { return true }
        told = (progress.phase, now)
        rearm()
        if let lock { FetchInProgress(since: began, progress: progress).write(to: lock) }
        return tell(progress)
    }

    private func rearm() {
        let left = UInt32(clamping: max(0, (end - .now).components.seconds))
        alarm((progress.isLocal ? left : min(patience, left)) &+ 5)
    }
}
