internal import Model

extension PlanReader {
    func image(_ container: PlanCursor) throws -> ImageSource {
        let standIn = ImageSource.build(BuildContext(path: "", contentDigest: ""))
        guard let cursor = container["image"] else { return standIn }
        if cursor.value.string != nil { return imageReference(cursor).map(ImageSource.reference) ?? standIn }
        if let url = cursor["archive"] { return .archive(archive(url, digest: cursor["sha256"])) }
        if let path = cursor["build"] { return .build(try build(path)) }
        cursor.log.mismatch("an image reference, an archive or a build", at: cursor.pointer)
        return standIn
    }

    func imageReference(_ cursor: PlanCursor) -> ImageReference? {
        guard let text = cursor.text else { return nil }
        guard let reference = ImageReference(text) else {
            let diagnosis = ImageDiagnosis(text)
            cursor.error(diagnosis.message, hint: diagnosis.hint)
            return nil
        }
        checkTag(of: reference, cursor)
        return reference
    }

    private func checkTag(of reference: ImageReference, _ cursor: PlanCursor) {
        guard reference.digest == nil else { return }
        if reference.tag == nil {
            cursor.error(
                "image '\(reference)' has no version tag",
                hint: "write the version that is wanted: '\(reference.name):${version}' or '\(reference.name):1.0.0'")
        } else if reference.tag == "latest" {
            cursor.warning(
                "image '\(reference)' does not say which version runs",
                hint: "write a version tag instead of 'latest'; a newer image is not deployed by itself")
        }
    }

    private func archive(_ url: PlanCursor, digest: PlanCursor?) -> ImageArchive {
        let archive = ImageArchive(url: url.text ?? "", sha256: digest?.text ?? "")
        if let problem = ArchiveURL.problem(with: archive.url) { url.error(problem.message, hint: problem.hint) }
        guard archive.sha256.wholeMatch(of: /[0-9a-f]{64}/) == nil else { return archive }
        (digest ?? url).error(
            digest == nil ? "the archive has no 'sha256'" : "'\(archive.sha256)' is not a SHA-256 digest",
            hint: "write the 64 hexadecimal digits that 'sha256sum FILE' prints")
        return archive
    }

    private func build(_ cursor: PlanCursor) throws -> BuildContext {
        let path = cursor.text ?? ""
        guard let digest = try contentDigest(cursor, below: "images") else {
            return BuildContext(path: path, contentDigest: "")
        }
        if repository[path] != nil {
            cursor.error("'\(path)' is a file", hint: "name the directory that holds the 'Containerfile'")
        } else if !["Containerfile", "Dockerfile"].contains(where: { repository["\(path)/\($0)"] != nil }) {
            cursor.error(
                "'\(path)' has no 'Containerfile' or 'Dockerfile'", hint: "add one: '\(path)/Containerfile'")
        }
        return BuildContext(path: path, contentDigest: digest)
    }
}
