internal import FoundationEssentials
public import Model

/// The public keys that images of some places have to be signed by. They are read anew each time: a key can be exchanged
/// while Fairlead runs.
public struct ImageKeyring: Sendable {
    private let requirements: [String: ImageRequirement]

    public init(_ requirements: [String: ImageRequirement] = [:]) { self.requirements = requirements }

    /// What `image` has to prove; `nil` when nothing is demanded of it. A key that cannot be read is an error.
    public func demand(for image: ImageReference) throws(EngineError) -> ImageDemand? {
        guard let place = requirements.place(of: image), let requirement = requirements[place] else { return nil }
        var keys: [ImageDemand.Key] = []
        for path in requirement.sigstore {
            guard let bytes = FileManager.default.contents(atPath: path), !bytes.isEmpty else {
                throw EngineError(
                    .refused(status: nil), "cannot verify '\(image)': the key '\(path)' cannot be read",
                    hint: "put the public key in its place, or correct 'trust.images' in the VSN's configuration")
            }
            keys.append(ImageDemand.Key(path: path, bytes: Array(bytes)))
        }
        return ImageDemand(place: place, keys: keys)
    }
}
