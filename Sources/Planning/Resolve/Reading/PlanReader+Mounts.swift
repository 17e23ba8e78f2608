internal import Model

extension PlanReader {
    func volume(_ cursor: PlanCursor) -> VolumePlan {
        var volume = VolumePlan(
            source: volumeSource(cursor), target: cursor["target"]?.text ?? "", owner: cursor["owner"]?.written(),
            mode: cursor["mode"]?.written(), readOnly: cursor["readOnly"]?.flag ?? false,
            backup: cursor["backup"].map(volumeBackup), mayBeEmpty: cursor["mayBeEmpty"]?.flag == true ? true : nil,
            formerly: cursor["formerly"]?.text, startEmpty: cursor["startEmpty"]?.flag == true ? true : nil)
        guard volume.isRelease else { return volume }
        checkReleaseOptions(cursor)
        volume.readOnly = true
        return volume
    }

    private func checkReleaseOptions(_ cursor: PlanCursor) {
        if cursor["readOnly"]?.flag == false {
            cursor["readOnly"]?.error(
                "the vendor's files cannot be written", hint: "remove 'readOnly': they are always mounted read-only")
        }
        for name in ["owner", "mode", "backup", "mayBeEmpty"] {
            cursor[name]?.error(
                "'\(name)' means nothing for the vendor's files",
                hint: "remove it: they belong to root, everybody may read them, and the vendor has them")
        }
    }

    private func volumeSource(_ cursor: PlanCursor) -> VolumePlan.Source {
        if let path = cursor["path"]?.text { return .path(path) }
        if let data = cursor["data"]?.text { return .data(data) }
        if let path = cursor["release"]?.text { return .release(path) }
        cursor.log.mismatch("a volume with 'data', 'path' or 'release'", at: cursor.pointer)
        return .data("")
    }

    func secretFile(_ cursor: PlanCursor) -> SecretFilePlan {
        SecretFilePlan(
            secret: cursor["secret"]?.text ?? "", target: cursor["target"]?.text ?? "",
            owner: cursor["owner"]?.written(), mode: cursor["mode"]?.written())
    }

    func file(_ cursor: PlanCursor) throws -> FilePlan {
        let source = cursor["source"]?.text ?? ""
        let digest = try cursor["source"].flatMap { try contentDigest($0, below: "files") }
        return FilePlan(source: source, target: cursor["target"]?.text ?? "", contentDigest: digest ?? "")
    }

    /// Of the file or directory that the text names; `nil`, and an error, when the repo has none.
    func contentDigest(_ cursor: PlanCursor, below directory: String) throws -> String? {
        guard let text = cursor.text, let path = repositoryPath(text, cursor, below: directory) else { return nil }
        let used = repository[path.text].map { [$0] } ?? repository.entries(below: path.text)
        if let foreign = repository.foreignPart(of: path.text) ?? used.first(where: \.isForeign) {
            cursor.error(
                "'\(foreign.path)' is a \(foreign.kindName)", hint: "commit the content itself in its place")
            return nil
        }
        guard !used.isEmpty else {
            cursor.error("'\(text)' is not in the repo", hint: missingHint(path.text, below: directory))
            return nil
        }
        do {
            return try repository.digest(of: path.text)
        } catch let pointer as LargeFilePointer {
            cursor.error(pointer.message, hint: pointer.hint)
            return nil
        }
    }

    private func repositoryPath(_ text: String, _ cursor: PlanCursor, below directory: String) -> RepositoryPath? {
        guard let path = RepositoryPath(text) else {
            cursor.error(
                "'\(text)' is not a path inside the repo",
                hint: "write a path such as '\(directory)/web', without a leading or trailing '/' and without '..'")
            return nil
        }
        guard path.isBelow(directory) else {
            cursor.error(
                "'\(text)' does not lie below '\(directory)/'", hint: "move it there: '\(directory)/\(text)'")
            return nil
        }
        return path
    }

    private func missingHint(_ path: String, below directory: String) -> String {
        if let closest = Suggestion.closest(to: path, among: repository.paths(below: directory)) {
            return "did you mean '\(closest)'?"
        }
        return repository.entries(below: directory).isEmpty
            ? "the repo has no files below '\(directory)/'; commit it there" : "commit it, or correct the path"
    }
}
