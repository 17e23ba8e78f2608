internal import ContainerEngine
internal import Deploying
internal import Model

/// What this host demands of images, beside what they had when they were brought.
struct HostImageTrust: ImageVouching {
    let keys: ImageKeyring

    func demandsSignature(of image: ImageReference) throws -> Bool { try keys.demand(for: image) != nil }

    func vouches(for image: StoredImage, as reference: ImageReference) throws -> Bool {
        try keys.demand(for: reference)?.accepts(image.signature) ?? true
    }
}
