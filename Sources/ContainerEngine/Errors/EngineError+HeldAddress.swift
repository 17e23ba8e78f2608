public import Model

extension EngineError: AddressRefusal {
    /// Podman answers with status 500 and these words only.
    public var heldAddress: HeldAddress? {
        let words = #/requested ip address (\S+) is already allocated to container ID (\w+)/#
        return message.firstMatch(of: words).map { HeldAddress(address: String($0.1), holder: String($0.2)) }
    }
}
