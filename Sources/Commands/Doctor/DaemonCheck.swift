internal import HostSystem

/// Whether somebody follows the branch now, and will after a boot.
struct DaemonCheck {
    /// Of the daemon that lives; `nil` when none does.
    let schedule: PollSchedule?
    /// systemd's word for the unit; `nil` where systemd does not start it.
    let enablement: String?

    private static let name = "daemon"

    static func check(of configuration: VSNConfiguration) async -> HostCheck {
        Self(
            schedule: .read(runtimeDirectory: configuration.runtimeDirectory),
            enablement: await ServiceUnit.enablement()
        ).check
    }

    var check: HostCheck {
        guard let schedule else {
            return .fail(
                Self.name, "does not run: nothing follows the branch or repairs what stops",
                enablement == nil
                    ? "start 'fairlead run', and have it started at each boot"
                    : startsAtBoot ? "systemctl start fairlead" : "\(unmask)systemctl enable --now fairlead")
        }
        guard startsAtBoot else {
            return .fail(
                Self.name, "runs, but is \(enablement ?? ""): nobody starts it after a boot",
                "\(unmask)systemctl enable fairlead")
        }
        return .ok(Self.name, "process \(schedule.process) follows the branch" + (enablement.map { ", \($0)" } ?? ""))
    }

    /// Where systemd does not know the unit, whoever started it may do so again.
    private var startsAtBoot: Bool {
        guard let enablement else { return true }
        return ["enabled", "static", "alias", "indirect", "generated"].contains(enablement)
    }

    private var unmask: String { enablement?.hasPrefix("masked") == true ? "systemctl unmask fairlead && " : "" }
}
