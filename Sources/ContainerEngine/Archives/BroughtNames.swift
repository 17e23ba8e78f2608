internal import Model

/// What becomes of the names that a load brought: an archive says itself what its image is called, and an engine believes it.
struct BroughtNames: Equatable {
    /// Names that were another image's, by the image that they go back to.
    private(set) var back: [String: String] = [:]
    /// Names that pass for what they are not: of a registry, which nobody asked, or of a build.
    private(set) var forged: [String] = []
    /// Images that would have no name left, and that the engine's user would then take for refuse.
    private(set) var nameless: [String] = []

    /// `owners`: the images that names stood for before; `loaded`: those that the load brought, as they are now.
    init(owners: [String: String], loaded: [StoredImage]) {
        for image in loaded {
            var stays = 0
            for name in image.names.sorted() {
                switch owners[name] {
                case image.id: stays += 1
                case let owner?: back[name] = owner
                case nil where Self.isFree(name): stays += 1
                case nil: forged.append(name)
                }
            }
            if stays == 0 { nameless.append(image.id) }
        }
    }

    private static func isFree(_ name: String) -> Bool {
        name.hasPrefix("localhost/") && !name.hasPrefix("localhost/fairlead/")
    }

    /// What each name stands for.
    static func owners(_ images: [StoredImage]) -> [String: String] {
        var owners: [String: String] = [:]
        for image in images { for name in image.names { owners[name] = image.id } }
        return owners
    }
}
