internal import HostSystem
internal import Model

/// Whether the host still has the settings of the deployed plan.
struct HostSettingsCheck {
    let host: HostComposition

    private let name = "host settings"

    func check() async -> HostCheck {
        do {
            let settings = try await host.deployedState()?.desired.plan.hostSettings
            let differences = try await host.host.differences(from: settings)
            guard differences.isEmpty else {
                return .warn(
                    name, "not as deployed: \(differences.joined(separator: "; "))",
                    "the next deployment, and the start after a boot, set them again")
            }
            return .ok(name, settings == nil ? "the plan has none" : "as deployed")
        } catch {
            return .fail(name, error)
        }
    }
}
