internal import Model

/// Words for images and hotfixes.
enum ImageWords {
    static func changes(from old: ImageSource, to new: ImageSource) -> [FieldChange] {
        [change(from: old, to: new).named("image")]
    }

    private static func change(from old: ImageSource, to new: ImageSource) -> FieldChange {
        switch (old, new) {
        case (.reference(let before), .reference(let after)):
            let (old, new) = short(before, after)
            return .changed("image", old, new)
        case (.build(let before), .build(let after)) where before.path == after.path:
            return .altered("build context '\(after.path)'")
        case (.archive(let before), .archive(let after)) where before.url == after.url:
            return .changed("image archive '\(after.url)' sha256", prefix(before.sha256), prefix(after.sha256))
        default: return .changed("image", words(old), words(new))
        }
    }

    static func hotfixChanges(from old: ResolvedPlan, to new: ResolvedPlan, container: String) -> [FieldChange] {
        let before = old.hotfixes[container]
        guard let after = new.hotfixes[container] else {
            return before == nil ? [] : [.removed("hotfix")]
        }
        guard before != after else { return [] }
        if let before {
            let (old, new) = short(before, after)
            return [.changed("hotfix image", old, new).named("hotfix")]
        }
        let image = short(after, beside: new.containers[container]?.image)
        return [FieldChange(kind: .added, text: "hotfix image \(image)", field: "hotfix")]
    }

    /// The tags, where nothing else differs.
    private static func short(_ old: ImageReference, _ new: ImageReference) -> (String, String) {
        guard old.name == new.name, old.digest == nil, new.digest == nil, let before = old.tag, let after = new.tag,
            before != after
        else { return (old.description, new.description) }
        return (before, after)
    }

    private static func short(_ hotfix: ImageReference, beside image: ImageSource?) -> String {
        guard case .reference(let reference) = image, reference.name == hotfix.name, hotfix.digest == nil else {
            return hotfix.description
        }
        return hotfix.tag ?? hotfix.description
    }

    private static func words(_ image: ImageSource) -> String {
        switch image {
        case .reference(let reference): reference.description
        case .archive(let archive): "archive '\(archive.url)'"
        case .build(let context): "build '\(context.path)'"
        }
    }

    private static func prefix(_ digest: String) -> String { String(digest.prefix(12)) }
}
