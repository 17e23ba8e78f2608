internal import Files
internal import HostSystem
internal import Model
internal import Reconciling

/// The machine that Fairlead runs on.
struct Machine: MachineInsight {
    let host: HostSystem

    func publicKey() async throws(HostError) -> String { try await HostKey(host.configuration).publicKey() }

    func conditions(of places: Set<DataPlace>) async throws(HostError) -> [DataPlace: DataCondition] {
        try await StackData(host: host).conditions(of: places)
    }
}
