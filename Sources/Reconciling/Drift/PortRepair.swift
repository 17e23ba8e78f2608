internal import Deploying
internal import Logging
internal import Model

/// Has the engine lead the host's ports to containers once more, as after a reload of the firewall that removed its rules.
struct PortRepair: Sendable {
    let ports: any PublishedPorts
    let logger: Logger

    /// The containers run on. What cannot be done shows in the next look.
    func renew(_ names: Set<String>, in look: StackObservation) async {
        for name in names.sorted() {
            let own = look.observed.containers(named: name, of: look.plan.stack)
            guard let id = own.first(where: { $0.name == look.plan.hostName(of: name) })?.id else { continue }
            do {
                try await ports.renewPorts(of: id, in: look.plan.networkName)
            } catch {
                logger.warning(
                    "the host's ports could not be led to a container once more",
                    metadata: ["container": "\(name)", "error": "\(error)"])
            }
        }
    }
}
