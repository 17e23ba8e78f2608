internal import Model

/// Says why a text is no image reference, and what to write.
struct ImageDiagnosis {
    let message: String
    let hint: String

    init(_ text: String) {
        let host = text.split(separator: "/", maxSplits: 1).first.map(String.init) ?? ""
        let hasRegistry = text.contains("/") && (host == "localhost" || host.contains(".") || host.contains(":"))
        if !hasRegistry, let completed = ImageReference("docker.io/\(text.contains("/") ? "" : "library/")\(text)") {
            message = "image '\(text)' names no registry"
            hint = "write '\(completed)'"
        } else if text.contains("://") {
            message = "image '\(text)' is a URL"
            hint = "leave out the scheme, or write {\"archive\": URL, \"sha256\": DIGEST} for an archive"
        } else if ImageReference(text.lowercased()) != nil {
            message = "image '\(text)' has upper-case letters in its name"
            hint = "write '\(text.lowercased())'"
        } else {
            message = "'\(text)' is not an image reference"
            hint = "write REGISTRY/NAME:TAG, REGISTRY/NAME@sha256:DIGEST or both"
        }
    }
}
