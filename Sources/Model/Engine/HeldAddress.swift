/// An address that the engine keeps for one container, and so refuses to another that asks for it.
public struct HeldAddress: Hashable, Sendable {
    public let address: String
    /// The engine's id of a container, which may be gone.
    public let holder: String

    public init(address: String, holder: String) {
        self.address = address
        self.holder = holder
    }
}

/// An error of the engine that may be the refusal of an address.
public protocol AddressRefusal: Error {
    var heldAddress: HeldAddress? { get }
}
