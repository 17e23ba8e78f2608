internal import Model
internal import Processes

/// Whether the time of day can be trusted: certificates, retries and the history depend on it.
enum ClockCheck {
    /// Before this program was written.
    private static let tooEarly = Timestamp(milliseconds: 1_735_689_600_000)

    static func check(_ now: Timestamp) async -> HostCheck {
        let text = CivilTime(now).utc
        guard now > tooEarly else {
            return .fail("clock", "it shows \(text)", "set it: 'timedatectl set-ntp true', or 'date -s'")
        }
        guard let timedatectl = Command.find("timedatectl") else { return .ok("clock", text) }
        let query = Command(timedatectl, ["show", "--property=NTPSynchronized", "--value"], deadline: .seconds(5))
        guard (try? await query.run().text.trimmingSpaces) == "no" else { return .ok("clock", text) }
        return .warn("clock", "\(text), not synchronised", "timedatectl set-ntp true")
    }
}
