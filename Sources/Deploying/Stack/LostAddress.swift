internal import Model
internal import Synchronization

/// The engine keeps an address for a container that is gone, and gives it to no other until the host boots: that of a
/// container that it was starting when it was killed. Podman of Debian 12 keeps it although the network is made anew.
/// Or for one of the stack that is not running, which goes with the whole of it.
struct LostAddress: Actionable {
    let address: String
    /// Of the container that asked for it, on the host.
    let name: String
    let holder: String
    let isHolderGone: Bool

    var message: String { "cannot start container '\(name)': \(reason)" }
    var hint: String { "it will be tried again" + (isHolderGone ? "; a boot of this host frees that address" : "") }
    var disposition: Disposition { .transient }

    var reason: String {
        "the engine keeps address \(address) for container '\(holder.prefix(12))'"
            + (isHolderGone ? ", which is gone" : "")
    }
}

/// The addresses that a deployment found lost, which it does not ask for again.
final class LostAddresses: Sendable {
    private let addresses = Mutex<Set<String>>([])

    var all: Set<String> { addresses.withLock { $0 } }

    /// Returns whether it was not known before.
    func insert(_ lost: LostAddress) -> Bool { addresses.withLock { $0.insert(lost.address).inserted } }
}

/// What becomes of a start that was refused for an address.
struct AddressVerdict {
    let insight: any ContainerInsight

    /// Of the container that is called `name` on the host.
    func error(for held: HeldAddress, _ name: String) async throws -> any Actionable {
        let holder = try await insight.inspect(held.holder)
        // One of the stack is made anew with the whole of it.
        guard let holder, holder.isForeign else {
            return LostAddress(
                address: held.address, name: name, holder: held.holder, isHolderGone: holder == nil)
        }
        return DeploymentError(
            "cannot start container '\(name)': its address \(held.address) is that of container '\(holder.name)'",
            hint: "it will be tried again; 'podman rm --force \(holder.name)' frees the address",
            disposition: .transient)
    }
}

extension DeploymentRun {
    func start(_ id: String, _ name: String) async throws {
        do {
            try await ports.containers.start(id)
        } catch {
            guard let held = (error as? any AddressRefusal)?.heldAddress else { throw error }
            throw try await AddressVerdict(insight: ports.insight).error(for: held, name)
        }
    }

    /// Ends the whole stack with its network, to be started anew: also what was not to be replaced may have resolved the
    /// name of the container that gets another address.
    func clearing(
        _ prepared: PreparedStack, of lost: LostAddress
    ) async throws -> (DeploymentRun, PreparedStack) {
        try await tell(lost)
        var whole = self
        whole.request.replacing = nil
        // While the rest still runs.
        let stack = request.replacing == nil ? prepared : try await whole.step(.validate, whole.validate)
        try await whole.step(.tearDown) { _ = try await whole.tearDown() }
        return (whole, stack)
    }

    /// For everybody who wonders why more was restarted than was replaced.
    func tell(_ lost: LostAddress) async throws {
        let text = "made anew, with another address: \(lost.reason)"
        ports.observer.deployment(.note("network '\(plan.networkName)' is \(text)"))
        try await record(PlanChange(subject: plan.networkName, kind: .changed, text: text))
    }
}
