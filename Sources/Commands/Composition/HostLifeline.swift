internal import Deploying
internal import GitSource
internal import HostSystem
internal import Model

/// The way of this host to its git server.
struct HostLifeline: Lifeline {
    let host: HostSystem
    let source: GitSource

    func neededAddresses(for plan: ResolvedPlan) async -> [NeededAddress] {
        await AddressBook(of: host).neededAddresses(for: plan)
    }

    /// A server that refuses or fails is there; what is asked here is the way to it.
    func obstacleToRepository() async -> String? {
        do {
            _ = try await source.remoteTip()
            return nil
        } catch let failure as GitFailure where failure.kind == .network {
            return failure.message
        } catch {
            return nil
        }
    }
}
