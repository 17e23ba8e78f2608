internal import Deploying
internal import Logging
internal import Planning

/// Makes the host's side of a stack's network whole again, as after a hand or a program that took its bridge down.
struct NetworkRepair: Sendable {
    let reach: any NetworkMending
    let logger: Logger

    /// The containers run on. What cannot be done shows in the next look.
    func mend(_ look: StackLook) async {
        guard let network = look.observed.network, let fault = look.observed.networkFault else { return }
        logger.notice(
            "making the stack's network whole", metadata: ["network": "\(network.name)", "finding": "\(fault.text)"])
        do {
            let containers = look.observed.containersOnNetwork.map(\.id)
            try await reach.mend(fault, of: network, containers: containers)
        } catch {
            logger.warning(
                "the stack's network could not be made whole",
                metadata: ["network": "\(network.name)", "error": "\(error)"])
        }
    }
}
