internal import Model

/// Images that lay on the host before it demanded signatures.
extension ImageAcquisition {
    /// What runs here is set up again as it was, signed or not: a key that was added to the configuration takes no service
    /// down. Whatever else begins with an image that is there already has to know who signed it.
    func mayRunAgain(_ image: StoredImage, _ source: ImageSource) throws -> Bool {
        guard case .reference(let reference) = source else { return true }
        if run.request.restarts { return true }
        return try run.ports.signatures.vouches(for: image, as: reference)
    }

    func tellOfUnsigned(_ image: StoredImage, _ source: ImageSource, _ container: String) throws {
        guard case .reference(let reference) = source,
            try !run.ports.signatures.vouches(for: image, as: reference)
        else { return }
        run.ports.observer.deployment(
            .note(
                "\(container): '\(reference)' runs as before, without a signature that this host demands by now; "
                    + "'fairlead reconcile --force' brings it anew"))
    }
}
