public import Deploying
public import GitSource
public import Reconciling

extension GitSource: CommitSource {}
extension GitSource: Ancestry {}
extension GitSource: CommitContents {}
extension TreeExporter: TreeExport {}
